/** One form, for one visit: self-contained, so that it works before anything else is set up. */
export const setupPage = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>邻望 · 创建管理员</title>
<style>
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #0b0f15; color: #dbe3ec; font: 18px/1.6 system-ui, sans-serif }
  form { width: min(26rem, 90vw); padding: 2rem; background: #10161f; border: 1px solid #1e2936; display: grid; gap: 1rem }
  h1 { margin: 0; font-size: 1.4rem } label { display: grid; gap: .25rem; color: #93a1b1 }
  input, button { font: inherit; padding: .5rem .75rem; color: #dbe3ec; background: #0b0f15; border: 1px solid #263443 }
  button { background: #263443; cursor: pointer } output { color: #ff9f2e; min-height: 1.6em }
</style>
<form>
  <h1>创建管理员 <small lang="en">Create the administrator</small></h1>
  <label>用户名 User name <input name="username" required minlength="2" autocomplete="username"></label>
  <label>密码(至少 12 个字符) Password, 12 characters or more <input name="password" type="password" required minlength="12" autocomplete="new-password"></label>
  <button>创建 Create</button>
  <output></output>
</form>
<script>
  const form = document.querySelector('form'), told = document.querySelector('output')
  const token = new URLSearchParams(location.search).get('token') ?? ''
  history.replaceState(null, '', '/setup')
  form.onsubmit = async (event) => {
    event.preventDefault()
    const answer = await fetch('/api/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, username: form.username.value.trim(), password: form.password.value }),
    })
    const body = await answer.json()
    told.textContent = answer.ok ? '管理员已创建 Done' : [body.detail, body.errors?.[0]?.fix].filter(Boolean).join(': ')
    if (answer.ok) location.href = '/desk'
  }
</script>
</html>
`
