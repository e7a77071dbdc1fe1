/** Shows /api/openapi.json and tries its calls out; written here because the usual viewers fetch fonts, proxies or counters from outside. */
export const docsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Linwang API</title>
<style>
  :root { color-scheme: dark } * { box-sizing: border-box }
  body { margin: 0 auto; max-width: 70rem; padding: 2rem; background: #0b0f15; color: #dbe3ec; font: 16px/1.55 system-ui, sans-serif }
  h2 { margin: 2.5rem 0 .5rem; border-bottom: 1px solid #1e2936; text-transform: capitalize } h2 small { color: #93a1b1; font-weight: 400; font-size: 1rem; text-transform: none }
  details { background: #10161f; border: 1px solid #1e2936; margin: .35rem 0 } summary { padding: .5rem .75rem; cursor: pointer }
  summary span { color: #93a1b1; margin-left: .75rem } code, pre, textarea, input { font: 14px/1.5 ui-monospace, monospace }
  b { display: inline-block; width: 4.2rem; color: #6cb6ff } b.post, b.patch { color: #7fa38f } b.delete { color: #ff9f2e }
  form { padding: 0 .75rem .75rem; display: grid; gap: .5rem } label { display: grid; grid-template-columns: 14rem 1fr; gap: .75rem; color: #93a1b1 }
  input, textarea, button { background: #0b0f15; color: inherit; border: 1px solid #263443; padding: .35rem .5rem } button { justify-self: start; cursor: pointer; font: inherit }
  pre { margin: 0; padding: .75rem; overflow: auto; max-height: 24rem; background: #0b0f15 } a { color: #6cb6ff }
</style>
<h1>Linwang API</h1>
<p id="about"></p>
<p><a href="/api/openapi.json">openapi.json</a></p>
<main></main>
<script type="module">
  const spec = await (await fetch('/api/openapi.json')).json()
  const el = (tag, props = {}, ...children) => { const e = Object.assign(document.createElement(tag), props); e.append(...children); return e }
  document.querySelector('#about').textContent = spec.info.description
  const blank = (schema = {}) => schema.properties
    ? Object.fromEntries((schema.required ?? []).map((name) => [name, blank(schema.properties[name])]))
    : schema.enum?.[0] ?? ({ string: '', integer: 0, number: 0, boolean: false, array: [], object: {} })[schema.type] ?? null
  const field = (p) => el('label', { title: p.schema?.description ?? p.description ?? '' }, p.name + (p.required ? ' *' : ''), el('input', { name: p.name, placeholder: p.schema?.description ?? '' }))
  function operation(path, method, op) {
    const body = op.requestBody?.content?.['application/json']?.schema
    const inputs = (op.parameters ?? []).map((p) => [p, field(p)])
    const text = body && el('textarea', { rows: 5, value: JSON.stringify(blank(body), null, 2) })
    const answer = el('pre')
    const send = async (event) => {
      event.preventDefault()
      let url = path; const query = new URLSearchParams(), headers = body ? { 'content-type': 'application/json' } : {}
      for (const [p, label] of inputs) {
        const value = label.lastChild.value
        if (p.in === 'path') url = url.replace('{' + p.name + '}', encodeURIComponent(value))
        else if (value && p.in === 'query') query.set(p.name, value)
        else if (value) headers[p.name] = value
      }
      const reply = await fetch(url + (query.size ? '?' + query : ''), { method: method.toUpperCase(), headers, body: text?.value })
      const told = await reply.text()
      let shown = told; try { shown = JSON.stringify(JSON.parse(told), null, 2) } catch {}
      answer.textContent = reply.status + ' ' + reply.statusText + '\\n' + shown
    }
    const schema = body ? [el('details', {}, el('summary', {}, 'schema of the body'), el('pre', { textContent: JSON.stringify(body, null, 2) }))] : []
    const form = el('form', { onsubmit: send }, ...inputs.map(([, label]) => label), ...schema, ...(text ? [text] : []), el('button', {}, 'Send'), answer)
    return el('details', {}, el('summary', {}, el('b', { className: method }, method.toUpperCase()), el('code', {}, path), el('span', {}, op.summary ?? '')), form)
  }
  const operations = Object.entries(spec.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, op]) => ({ path, method, op })))
  for (const tag of spec.tags) {
    const of = operations.filter(({ op }) => op.tags?.includes(tag.name))
    if (of.length) document.querySelector('main').append(el('h2', {}, tag.name + ' ', el('small', {}, tag.description)), ...of.map(({ path, method, op }) => operation(path, method, op)))
  }
</script>
</html>
`
