/**
 * A person with a browser and no JavaScript: keeps cookies, follows links and redirections, fills
 * the forms that pages really contain. The demo's debtor pays through it, as one would by hand.
 */
export class Visitor {
  private cookies = new Map<string, Map<string, string>>()
  address = new URL('about:blank')
  page = ''
  status = 0

  async open(address: string | URL): Promise<this> {
    return this.go(new URL(address, this.address.href === 'about:blank' ? undefined : this.address), {})
  }

  /**
   * Posts the form whose action (or the page's own address) contains `action`, with the fields it
   * already holds and those given.
   *
   * @throws when the page has no such form
   */
  async send(action: string, fields: Record<string, string>): Promise<this> {
    const form = this.forms().find((candidate) => candidate.action.href.includes(action))
    if (!form) throw new Error(`no form for ${action} at ${this.address.href} (status ${this.status})`)
    const values = { ...form.fields, ...fields }
    return form.multipart ? this.go(form.action, multipart(values)) : this.go(form.action, encoded(values))
  }

  /** @throws when no form of the page holds it */
  field(name: string): string {
    const value = this.forms().find(({ fields }) => name in fields)?.fields[name]
    if (value === undefined)
      throw new Error(`no field ${name} at ${this.address.href} (status ${this.status})`)
    return value
  }

  private async go(address: URL, init: RequestInit): Promise<this> {
    const jar = this.cookies.get(address.host) ?? new Map<string, string>()
    const headers = new Headers(init.headers)
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    headers.set('accept', 'text/html')
    const response = await fetch(address, {
      ...init,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(20_000),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      jar.set(name!, value!)
    }
    this.cookies.set(address.host, jar)
    this.address = address
    this.status = response.status
    this.page = await response.text()
    const next = response.headers.get('location')
    return next ? this.go(new URL(next, address), {}) : this
  }

  private forms() {
    const posted = [...this.page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].filter(
      ([, attributes]) => attribute(attributes!, 'method')?.toLowerCase() === 'post'
    )
    return posted.map(([, attributes, inside]) => ({
      action: new URL(unescaped(attribute(attributes!, 'action') ?? ''), this.address),
      multipart: attribute(attributes!, 'enctype') === 'multipart/form-data',
      fields: Object.fromEntries(
        [...inside!.matchAll(/<input\b([^>]*)>/g)]
          .map(([, input]) => input!)
          .filter(
            (input) => !/type=["'](checkbox|radio|file|submit)["']/.test(input) || /\bchecked\b/.test(input)
          )
          .map((input) => [attribute(input, 'name') ?? '', unescaped(attribute(input, 'value') ?? '')])
          .filter(([name]) => name)
      ),
    }))
  }
}

const attribute = (text: string, name: string) => new RegExp(`\\b${name}=(["'])(.*?)\\1`).exec(text)?.[2]

const unescaped = (text: string) =>
  text
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

const encoded = (values: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(values),
})

function multipart(values: Record<string, string>): RequestInit {
  const body = new FormData()
  for (const [name, value] of Object.entries(values)) body.append(name, value)
  return { method: 'POST', body }
}
