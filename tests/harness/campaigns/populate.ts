import { bootApp, leave, plan } from '#tests/harness/deliveries/boot'

export interface PopulatePlan {
  /** Each launched on its day: so many files, two to a person. */
  launches: { on: string; files: number }[]
}

const { launches } = plan<PopulatePlan>()
const app = await bootApp()
const { clock, instantOn } = await import('#shared/clock')
const { LaunchCampaign } = await import('#campaigns/launch/launch_campaign')
const { givenAgency, givenClaim, givenCreditor } = await import('#tests/fixtures/domain')
const { givenScenario } = await import('#tests/fixtures/campaigns')

await givenAgency({ insuranceValidUntilOn: '2099-12-31' })
const email = 'email' as const
await givenScenario('daily', [
  { day: 0, channel: email },
  { day: 1, channel: 'letter' },
  { day: 2, channel: email },
  { day: 3, channel: email },
  { day: 4, channel: 'hand_over' },
])
for (const { on, files } of launches) {
  const creditor = await givenCreditor()
  for (let file = 0; file < files; file++) {
    await givenClaim({
      creditor,
      debtor: { personKey: `${on}:${Math.floor(file / 2)}` },
      claim: { firstLetterRef: `${on}-${file}-L0`, firstLetterOn: '2026-10-01', limitationOn: '2031-01-01' },
    })
  }
  await clock.at(instantOn(on), () =>
    new LaunchCampaign().handle({
      creditorId: creditor.id,
      target: { creditorId: creditor.id },
      scenario: 'daily',
      on,
      userId: null,
    })
  )
}
await leave(app)
