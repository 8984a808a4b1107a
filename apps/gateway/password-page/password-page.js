import { ConsoleAccount } from './account.client.js';
import { pictureOf } from './qr.picture.js';

const root = new URL('.', document.baseURI);
// The Mini App's: where it lies is known by its address alone.
const { Platform, PlatformRefusal, spokenOf } = await import(new URL('app/platform.client.js', root).href);
// The package qr, as the gateway serves it.
const { encodeQR } = await import(new URL('set-password/qr.js', root).href);
const platform = new Platform(root, '', spokenOf(...navigator.languages));
const account = new ConsoleAccount(platform);
/** So much white around the code is what readers expect. */
const quietModules = 4;
let texts = {};
/** What the notice says, by its name or in the platform's own words. */
let said = { name: null, text: '' };

const byId = (id) => document.getElementById(id);
const show = (id, isShown) => {
  byId(id).hidden = !isShown;
};

async function speak(language) {
  const response = await fetch(new URL(`set-password/texts/${language}`, root), { credentials: 'omit' });
  texts = await response.json();
  platform.language = language;
  document.documentElement.lang = language;
  document.title = texts.title;
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = texts[node.dataset.text];
  for (const node of document.querySelectorAll('[data-language]')) {
    node.ariaPressed = String(node.dataset.language === language);
  }
  if (said.name !== null) say(said.name);
}

function say(name) {
  said = { name, text: texts[name] };
  notice();
}

function notice() {
  byId('notice').textContent = said.text;
  show('notice', said.text !== '');
}

/** Runs what the person asked for, once at a time; what goes wrong is said, and the form stays as it is. */
async function attempt(part, action) {
  const buttons = part.matches('button') ? [part] : part.querySelectorAll('button');
  for (const button of buttons) button.disabled = true;
  byId('page').ariaBusy = 'true';
  said = { name: null, text: '' };
  notice();
  try {
    await action();
  } catch (error) {
    if (error instanceof PlatformRefusal) {
      said = { name: null, text: error.message };
      notice();
    } else {
      say('no_connection');
    }
  } finally {
    for (const button of buttons) button.disabled = false;
    byId('page').ariaBusy = 'false';
  }
}

async function setPassword() {
  const [token, password, repeated] = ['token', 'password', 'repeated'].map((id) => byId(id).value);
  if (password !== repeated) return say('not_the_same');
  await account.setPassword(token.trim(), password);
  byId('password-form').reset();
  show('password-form', false);
  // From here on the password is set, whatever becomes of the second factor.
  say('password_set');
  await offerSecondFactor();
}

async function offerSecondFactor() {
  show('again', true);
  const { secret, otpauth_uri: uri } = await account.startSecondFactor();
  show('again', false);
  byId('secret').textContent = secret.replace(/(.{4})(?=.)/g, '$1 ');
  byId('uri').textContent = uri;
  byId('authenticator').href = uri;
  draw(uri);
  show('factor-form', true);
  // The picture stays in sight.
  byId('code').focus({ preventScroll: true });
}

/** For the app on another device. */
function draw(uri) {
  const { viewBox, path } = pictureOf(encodeQR(uri, 'raw', { ecc: 'medium', border: quietModules }));
  byId('picture').setAttribute('viewBox', viewBox);
  byId('picture').firstElementChild.setAttribute('d', path);
}

async function confirmSecondFactor() {
  const codes = await account.confirmSecondFactor(byId('code').value.trim());
  const lines = codes.map((code) => {
    const line = document.createElement('li');
    const text = document.createElement('code');
    text.textContent = code;
    line.append(text);
    return line;
  });
  byId('recovery-codes').replaceChildren(...lines);
  show('recovery', true);
  await finish('factor_on');
}

async function finish(name) {
  show('factor-form', false);
  for (const id of ['secret', 'uri']) byId(id).textContent = '';
  byId('authenticator').removeAttribute('href');
  byId('picture').firstElementChild.removeAttribute('d');
  show('done', true);
  say(name);
  await account.leave().catch(() => undefined);
}

function onSubmit(id, action) {
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(byId(id), action);
  });
}

onSubmit('password-form', setPassword);
onSubmit('factor-form', confirmSecondFactor);
byId('again').addEventListener('click', () => void attempt(byId('again'), offerSecondFactor));
byId('later').addEventListener('click', () => void attempt(byId('factor-form'), () => finish('factor_later')));
for (const node of document.querySelectorAll('[data-language]')) {
  node.addEventListener('click', () => void speak(node.dataset.language));
}

// Behind the `#`, where it is sent nowhere, a link may hold the one-time code; it does not stay in the address.
byId('token').value = window.location.hash.slice(1);
if (window.location.hash !== '') history.replaceState(null, '', window.location.pathname);
void speak(platform.language).then(
  () => {
    show('password-form', true);
    byId('page').ariaBusy = 'false';
  },
  () => {
    byId('notice').textContent = '无法连接 / No connection / Нет связи';
    show('notice', true);
  },
);
