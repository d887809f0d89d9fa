import { ContactPointSchema } from '#database/schema'

export default class ContactPoint extends ContactPointSchema {
  static override table = 'contact_points'
  declare kind: 'email' | 'mobile' | 'phone'
}
