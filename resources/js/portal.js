/* The portal works without JavaScript; what is here only makes it nicer. */
export {}
