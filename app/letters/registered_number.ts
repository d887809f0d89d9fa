/**
 * The number of a registered letter as La Poste prints it on the slip, without
 * spaces: two characters for the product and eleven digits, `2C12345678901`.
 */
export const isRegisteredNumber = (text: string) => /^\d[A-Z]\d{11}$/.test(text)
