/** P1, as SQL: the contact marked for collection, else the first usable address. */
export const collectionEmail = (alias: string) =>
  `select p.value from contact_points p
   where p.debtor_id = ${alias}.debtor_id and p.kind = 'email' and p.bounced_at is null
   order by p.collection_contact desc, p.id limit 1`

/** The mobile marked for collection, else the first usable one. */
export const collectionMobile = (alias: string) =>
  `select p.value from contact_points p
   where p.debtor_id = ${alias}.debtor_id and p.kind = 'mobile' and p.bounced_at is null
   order by p.collection_contact desc, p.id limit 1`
