/** One event of the CloudEvents conformance set (YAML of a fixed form: attributes, `Extensions`, a block of data). */
export interface ConformanceEvent {
  attributes: Record<string, string>
  data: string
}

export const conformanceEvents = (yaml: string): ConformanceEvent[] => yaml.split(/^---$/m).map(eventOf)

function eventOf(yaml: string): ConformanceEvent {
  const attributes: Record<string, string> = {}
  const lines = yaml.split('\n')
  let section = ''
  let data = ''
  for (let i = 0; i < lines.length; i++) {
    const [, indent, name, value] = /^(\s*)([\w-]+)\s*:\s*(.*)$/.exec(lines[i]!) ?? []
    if (name === undefined) continue
    if (indent === '') section = name
    const text = value === '|' ? lines[++i]!.trim() : value!.replace(/^"(.*)"$/, '$1')
    if (section === 'ContextAttributes' && name !== 'ContextAttributes' && name !== 'Extensions') attributes[name] = text
    if (section === 'Data') data = text
  }
  return { attributes, data }
}

/** As JSON format: JSON data stands as it is, other data as a text. */
export function structured({ attributes, data }: ConformanceEvent): Record<string, unknown> {
  const isJson = /json/.test(attributes.datacontenttype ?? 'json')
  return { ...attributes, data: isJson ? (JSON.parse(data) as unknown) : data }
}

/** As HTTP headers, percent-encoded (HTTP binding 1.0.2, section 3.1.3.2). */
export function binaryHeaders({ attributes }: ConformanceEvent): { contentType: string; headers: Record<string, string> } {
  const { datacontenttype = 'application/json', ...rest } = attributes
  const headers = Object.entries(rest).map(([name, value]) => [
    `ce-${name}`,
    encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3A', ':'),
  ])
  return { contentType: datacontenttype, headers: Object.fromEntries(headers) as Record<string, string> }
}

/** The HTTP requests in the feature file, without its indent, with the length of the body that is really sent. */
export function requestsOf(feature: string): string[] {
  const examples = feature.split('Scenario Outline:').slice(1)
  return examples.flatMap((scenario) => {
    const block = /"""\n([\s\S]*?)\n\s*"""/.exec(scenario)![1]!
    const text = block.replace(/^ {8}/gm, '')
    const types = [...scenario.matchAll(/^\s*\|\s*(application\/[^|]*?)\s*\|/gm)].map(([, type]) => type!)
    return types.filter((type) => !type.includes('<')).map((type) => httpText(text.replace('<contentType>', type)))
  })
}

function httpText(text: string): string {
  const [head, ...rest] = text.split('\n\n')
  const body = rest.join('\n\n')
  const lines = head!.split('\n').filter((line) => !/^content-length:/i.test(line))
  return [...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}
