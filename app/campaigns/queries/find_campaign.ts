import Campaign from '#campaigns/models/campaign'

/** A campaign by its id or its reference. */
export const findCampaign = (idOrRef: string): Promise<Campaign | null> =>
  Campaign.query()
    .where(/^\d+$/.test(idOrRef) ? 'id' : 'ref', idOrRef)
    .first()
