"use strict";
// Keeps a question up to date, and offers it to the browser's own choice of wallets.
const page = document.querySelector("[data-live]");
const browser = document.querySelector("[data-browser]");

async function follow() {
  try {
    const answer = await fetch(page.dataset.live, { headers: { Accept: "application/json" } });
    const now = answer.ok && !answer.redirected ? await answer.json() : {};
    if (now.state !== page.dataset.state) return location.reload();
    renew(now);
  } catch { /* no network for a moment: look again */ }
  setTimeout(follow, 2000);
}

function renew(now) {
  const link = document.getElementById("link");
  if (!now.link || !link || link.href === now.link) return;
  link.href = now.link;
  document.getElementById("code").innerHTML = now.code;
}

async function send(address, content) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": browser.dataset.token },
    body: JSON.stringify(content),
  });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function choose() {
  browser.disabled = true;
  const asked = await send(browser.dataset.browser, {});
  const requests = [{ protocol: asked.protocol, data: { request: asked.request } }];
  let given = { protocol: asked.protocol, data: { error: "access_denied" } };
  try {
    given = await navigator.credentials.get({ mediation: "required", digital: { requests } });
  } catch { /* nothing was chosen */ }
  const { next } = await send(asked.answer, { protocol: given.protocol, data: given.data });
  location.assign(next);
}

if (page) setTimeout(follow, 2000);
if (browser && "DigitalCredential" in window) {
  browser.parentElement.hidden = false;
  browser.addEventListener("click", () => choose().catch(() => location.reload()));
}
