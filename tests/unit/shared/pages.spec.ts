import { test } from '@japa/runner'
import { listPage, pageAsked, pagerOf } from '#shared/pages'

test.group('Pages of a list', () => {
  test('an address asks for a page, and for the first when it makes no sense', ({ assert }) => {
    const asked = ['2', 7, undefined, '', '0', '-1', '1.5', 'two', '1e30', ['3', '4'], { a: '1' }]
    assert.deepEqual(asked.map(pageAsked), [2, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1])
  })

  test('the foot says where one is, and leads back from beyond the end', ({ assert }) => {
    const foot = (page: number, total = 312) => pagerOf(listPage(total, 50, page))
    assert.deepEqual(foot(1, 0), { total: 0, range: null, page: 1, pages: 1, previous: null, next: null })
    assert.containSubset(foot(1), { range: { from: 1, to: 50 }, pages: 7, previous: null, next: 2 })
    assert.containSubset(foot(7), { range: { from: 301, to: 312 }, previous: 6, next: null })
    assert.containSubset(foot(99), { range: null, page: 99, pages: 7, previous: 7, next: null })
    assert.containSubset(foot(2, 100), { range: { from: 51, to: 100 }, next: null })
  })
})
