/**
 * What may leave: each domain registers here the recipes that compose its
 * emails and letters, and the guards that can still hold them back.
 */
import '#deliveries/mails/invitation'
import '#registered_mail/recipes'
import '#registered_mail/ere/recipes'
import '#campaigns/recipes'
import '#payments/recipes'
import '#banking/remittances/recipes'
import '#payments/plans/recipes'
import '#portal/recipes'
import '#imports/recipes'
import '#registered_mail/evidence/recipes'
