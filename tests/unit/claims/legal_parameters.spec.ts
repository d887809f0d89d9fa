import { test } from '@japa/runner'
import { clock, instantOn, isCivilDate } from '#shared/clock'
import { legalParameters, rates } from '#health/checks/business'
import { LEGAL_PARAMETERS } from '#claims/legal_parameters'
import { hasRates, isBelowMinimum, nextSemester, rateBps, semesterOf } from '#claims/rates'

test.group('The numbers of the law', () => {
  test('rule 63: each has its source, the day it was checked and whether counsel validated it', ({
    assert,
  }) => {
    for (const { name, value, source, checkedOn, validatedByCounsel } of LEGAL_PARAMETERS) {
      assert.isAbove(value, 0, name)
      assert.match(source, /\b(C\. com\.|C\. civ\.|C\. conso\.|CMF) [LD]?\d/, name)
      assert.isTrue(isCivilDate(checkedOn), name)
      assert.isBoolean(validatedByCounsel, name)
    }
    const names = LEGAL_PARAMETERS.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
    for (const name of ['indemnity', 'least_contractual_rate', 'longest_grace', 'limitation:consumer']) {
      assert.include(names, name)
    }
    for (let semester = '2023-S1'; hasRates(semester); semester = nextSemester(semester)) {
      for (const rate of ['late_payment_rate', 'legal_rate_professional', 'legal_rate_private'])
        assert.include(names, `${rate}:${semester}`)
    }
    assert.equal(legalParameters.name, 'legal_parameters')
  })

  const published = [
    { semester: '2023-S1', late: 1250, professional: 206, person: 447 },
    { semester: '2023-S2', late: 1400, professional: 422, person: 682 },
    { semester: '2024-S1', late: 1450, professional: 507, person: 801 },
    { semester: '2024-S2', late: 1425, professional: 492, person: 816 },
    { semester: '2025-S1', late: 1315, professional: 371, person: 721 },
    { semester: '2025-S2', late: 1215, professional: 276, person: 665 },
    { semester: '2026-S1', late: 1215, professional: 262, person: 667 },
    { semester: '2026-S2', late: 1240, professional: 275, person: 684 },
  ]
  for (const { semester, late, professional, person } of published) {
    test(`rules 16 and 18: the rates of ${semester}`, ({ assert }) => {
      assert.equal(rateBps('late_payment', semester), late)
      assert.equal(rateBps('legal_professional', semester), professional)
      assert.equal(rateBps('legal_private', semester), person)
    })
  }

  test('a half-year goes from 1 January to 30 June, and from 1 July to 31 December', ({ assert }) => {
    const days = ['2026-01-01', '2026-06-30', '2026-07-01', '2026-12-31']
    assert.deepEqual(days.map(semesterOf), ['2026-S1', '2026-S1', '2026-S2', '2026-S2'])
    assert.deepEqual([nextSemester('2026-S1'), nextSemester('2026-S2')], ['2026-S2', '2027-S1'])
  })

  const contracts = [
    { bps: 785, semester: '2026-S1', below: true },
    { bps: 786, semester: '2026-S1', below: false },
    { bps: 800, semester: '2026-S2', below: true },
    { bps: 825, semester: '2026-S2', below: false },
    { bps: 100, semester: '2099-S1', below: null },
  ]
  for (const { bps, semester, below } of contracts) {
    test(`rule 21: ${bps / 100} % in ${semester} is below three times the legal rate: ${below}`, ({
      assert,
    }) => {
      assert.equal(isBelowMinimum(bps, semester), below)
    })
  }
})

test.group('The doctor on rates', () => {
  const found = (on: string) => clock.at(instantOn(on, 12), () => rates.find())

  test('rule 17: it is quiet while they are known, warns two months before, and fails without them', async ({
    assert,
  }) => {
    const last = published()
    const next = nextSemester(last)
    const year = next.slice(0, 4)
    const [before, from, begins] = next.endsWith('S1')
      ? [`${Number(year) - 1}-10-31`, `${Number(year) - 1}-11-01`, `${year}-01-01`]
      : [`${year}-04-30`, `${year}-05-01`, `${year}-07-01`]
    assert.equal((await found(before)).status, 'ok')
    const warned = await found(from)
    assert.equal(warned.status, 'warn')
    assert.include(warned.message, next)
    const failed = await found(begins)
    assert.equal(failed.status, 'fail')
    assert.include(failed.message, next)
  })

  /** The last half-year whose rates are known. */
  function published(): string {
    let semester = '2026-S1'
    while (hasRates(nextSemester(semester))) semester = nextSemester(semester)
    return semester
  }
})
