/**
 * Each domain declares its own routes; the order here is the order of matching.
 */
import '#users/routes'
import '#agency/routes'
import '#creditors/routes'
import '#claims/routes'
import '#letters/routes'
import '#imports/routes'
import '#reporting/routes'
import '#payments/routes'
import '#banking/routes'
import '#banking/remittances/routes'
import '#payments/plans/routes'
import '#registered_mail/evidence/routes'
import '#health/routes'
import '#portal/routes'
import '#campaigns/routes'
import '#deliveries/routes'
