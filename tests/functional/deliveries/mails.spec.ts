import { readFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { composeMail } from '#deliveries/mails/compose_mail'
import type { DebtorMail, MailData, MailLocale, MailTemplate } from '#deliveries/mails/data'
import { wrap } from '#deliveries/mails/text_part'
import { emailMessage } from '#deliveries/message'
import { mailExamples } from '#tests/fixtures/mails'

type Case = { template: MailTemplate; data: MailData[MailTemplate]; locale: MailLocale; name: string }

const cases: Case[] = Object.entries(mailExamples).flatMap(([template, examples]) =>
  examples.flatMap((data: MailData[MailTemplate], index: number) =>
    (['fr', 'en'] as const).map((locale) => ({
      template: template as MailTemplate,
      data,
      locale,
      name: `${template} ${index + 1}, ${locale}`,
    }))
  )
)

const isForDebtor = (data: object): data is DebtorMail => 'letter' in data
const forDebtors = cases.filter(({ data }) => isForDebtor(data))

/** What a person reads, whatever the part: words on one line, plain spaces. */
const readable = (text: string) =>
  text
    .replace(/<style>[\s\S]*?<\/style>|<title>.*?<\/title>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', '’')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.])/g, '$1')

const wordsOf = (text: string) =>
  readable(text)
    .match(/[\p{L}\p{N}]+/gu)!
    .join(' ')

const frenchWords = async () =>
  readFile(app.languageFilesPath('fr/mails.json'), 'utf8').then((text) => JSON.parse(text))

function keysOf(words: object, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'object' ? keysOf(value, `${prefix}${key}.`) : [`${prefix}${key}`]
  )
}

test.group('Emails', () => {
  test('every word exists in French and in English: no key is printed ({name})')
    .with(cases)
    .run(async ({ assert }, { template, data, locale }) => {
      const { subject, text, html } = await composeMail(template, data, locale)
      for (const part of [subject, text, readable(html)]) {
        assert.notMatch(part, /translation missing|mails\.|undefined|\bnull\b|\[object|\{\w+\}/)
      }
      assert.notMatch(text, /<\w|&\w+;/)
    })

  test('both parts say the same words: {name}')
    .with(cases)
    .run(async ({ assert }, { template, data, locale }) => {
      const { text, html } = await composeMail(template, data, locale)
      const [seen, told] = [wordsOf(html), wordsOf(text)]
      const [body] = text.split('\n-- \n')
      for (const block of body!.split(/\n\n|(?<=:)\n/)) {
        if (!block.startsWith('https:')) assert.include(seen, wordsOf(block))
      }

      const main = html.slice(html.indexOf('</h1>'), html.indexOf('role="contentinfo"'))
      const paragraphs = [...main.matchAll(/<(p|th|td)\b[^>]*>((?:(?!<(p|th|td)\b)[\s\S])*?)<\/\1>/g)]
      assert.isAbove(paragraphs.length, 3)
      for (const [, , paragraph] of paragraphs) assert.include(told, wordsOf(paragraph!))
    })

  test('rule 7: an email to a debtor recalls the letter by its reference and date: {name}')
    .with(forDebtors)
    .run(async ({ assert }, { template, data, locale }) => {
      const { text, html } = await composeMail(template, data, locale)
      for (const part of [text, readable(html)]) {
        assert.include(part, 'AM-2026-0417-L1')
        assert.include(part, locale === 'fr' ? '16/11/2026' : '16 November 2026')
        assert.include(part, 'STUDIO RIVAGE')
        assert.match(part.replace(/\s+/g, ' '), /exerce une activité de recouvrement amiable/)
      }
    })

  test('rule 15: no amount in a subject, and none at all in an email to a debtor: {name}')
    .with(cases)
    .run(async ({ assert }, { template, data, locale }) => {
      const { subject, text, html } = await composeMail(template, data, locale)
      assert.notMatch(subject, /€|\d,\d\d|euro/i)
      if (isForDebtor(data))
        for (const part of [text, readable(html)]) assert.notMatch(part, /€|\d,\d\d|euro/i)
    })

  test('rule 14: an unconfirmed address reads no name, no creditor and no link', async ({ assert }) => {
    for (const data of mailExamples.received) {
      const { text, html } = await composeMail('received', data, 'fr')
      for (const part of [text, html]) assert.notMatch(part, /RIVAGE|Fournier|HALLES|\/p\//)
    }
  })

  test('an email has at most one button, to the page it speaks of: {name}')
    .with(cases)
    .run(async ({ assert }, { template, data, locale }) => {
      const { html } = await composeMail(template, data, locale)
      const buttons = [...html.matchAll(/class="button"[^>]*>\s*<a href="([^"]+)"/g)].map(([, href]) => href)
      const url = isForDebtor(data) ? data.link : 'url' in data && data.url
      assert.deepEqual(buttons, url ? [url] : [])
    })

  test('an email brings nothing from elsewhere: no image, script, form or remote style: {name}')
    .with(cases)
    .run(async ({ assert }, { template, data, locale }) => {
      const { html } = await composeMail(template, data, locale)
      assert.notMatch(html, /<(img|script|form|iframe|link|object|video|audio)\b|url\(|@import|\son\w+=/i)
    })

  test('rule 11: no word of a court, a bailiff or a threat', async ({ assert }) => {
    const words = JSON.stringify(await frenchWords())
    assert.notMatch(
      words,
      /huissier|commandement|sommation|saisie|titre exécutoire|contrainte|fichage|frais de|dommages|tribunal|juge|poursui|justice|urgent|dernier avis|mise en demeure/i
    )
  })

  test('French and English have the same keys', async ({ assert }) => {
    const english = JSON.parse(await readFile(app.languageFilesPath('en/mails.json'), 'utf8'))
    assert.deepEqual(keysOf(english).toSorted(), keysOf(await frenchWords()).toSorted())
  })

  test('what a spreadsheet brought is text, in the HTML part too', async ({ assert }) => {
    const [example] = mailExamples.reminder
    const { html, text, subject } = await composeMail('reminder', {
      ...example!,
      creditor: { name: '<img src=x onerror=alert(1)>{{ 7*7 }}', addressLines: ['"><script>'] },
      debtor: { civility: 'Madame', fullName: '{{ process.env.APP_KEY }} <b>' },
    })
    assert.notMatch(html, /<img|<script|<b>/)
    assert.include(html, '&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}')
    assert.include(text, '{{ process.env.APP_KEY }} <b>')
    assert.notInclude(subject, '<')
  })

  test('every email is a message that may leave: {name}')
    .with(cases)
    .run(async ({ assert }, { template, data, locale }) => {
      const content = await composeMail(template, data, locale)
      const sender = { name: 'Cabinet Amiable', address: 'contact@amiable.example', replyTo: null }
      const message = await emailMessage(content, 'a@x.example', sender, '2026-11-23T09:00:00.000Z')
      assert.equal(message.recipient, 'a@x.example')
      assert.isBelow(message.bytes.byteLength, 60_000)
    })

  test('the text part keeps addresses whole and lines short', ({ assert }) => {
    const url = `https://amiable.example/p/${'x'.repeat(80)}`
    assert.equal(wrap(`aaaa bbbb cccc ${url} dd`, 9), `aaaa bbbb\ncccc\n${url}\ndd`)
    assert.equal(wrap('a\u00a0: b', 3), 'a\u00a0:\nb')
  })
})
