import { idOrRef } from '#shared/numbering'
import Campaign from '#campaigns/models/campaign'

/** A campaign by its id or its reference. */
export const findCampaign = (text: string): Promise<Campaign | null> => Campaign.findBy(idOrRef(text), text)
