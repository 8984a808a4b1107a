import { launchOf, Platform, PlatformRefusal, spokenOf } from './platform.client.js';
import { tellTelegram, wearTheme } from './telegram.bridge.js';

const root = new URL('.', document.baseURI);
const launch = launchOf(window.location.hash);
const platform = new Platform(root, launch.initData, spokenOf(launch.language, navigator.language));
let texts = {};
/** One key for one wish: it stays the same until the check-in is answered. */
let checkInKey = crypto.randomUUID();

const byId = (id) => document.getElementById(id);
const show = (id, isShown) => {
  byId(id).hidden = !isShown;
};

async function speak(language) {
  const response = await fetch(new URL(`app/texts/${language}`, root), { credentials: 'omit' });
  texts = await response.json();
  document.documentElement.lang = language;
  document.title = texts.title;
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = texts[node.dataset.text];
}

function sentence(key, values = {}) {
  return texts[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function notice(text) {
  byId('notice').textContent = text;
  show('notice', text !== '');
}

const number = (value) => new Intl.NumberFormat(platform.language).format(value);
const time = (iso) =>
  new Intl.DateTimeFormat(platform.language, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(iso));

function draw({ profile, membership, points, today }) {
  byId('greeting').textContent = sentence('greeting', { name: profile.first_name });
  byId('streak').textContent = number(today.streak_days);
  byId('check-in-state').textContent = today.checked_in
    ? sentence('checked_in', { time: time(today.day_ends_at) })
    : sentence('not_checked_in');
  byId('check-in').disabled = false;
  show('check-in', !today.checked_in);
  byId('points').textContent = number(points.available);
  byId('frozen').textContent = sentence('frozen', { points: number(points.frozen) });
  show('frozen', points.frozen > 0);
  byId('membership').textContent = sentence(`membership_${membership.state}`);
  byId('membership-until').textContent =
    membership.state === 'none'
      ? sentence('how_to_join')
      : membership.expires_at === null
        ? ''
        : sentence(membership.state === 'expired' ? 'ended' : 'until', { time: time(membership.expires_at) });
  show('cards', true);
}

async function look() {
  const spoken = platform.language;
  const seen = await platform.look();
  if (platform.language !== spoken) await speak(platform.language);
  draw(seen);
}

/** Runs what the person asked for; what goes wrong is said, with a way to try again. */
async function attempt(action) {
  byId('app').ariaBusy = 'true';
  show('again', false);
  try {
    await action();
  } catch (error) {
    notice(error instanceof PlatformRefusal ? error.message : (texts.no_connection ?? String(error)));
    show('again', launch.initData !== '');
  } finally {
    byId('app').ariaBusy = 'false';
  }
}

async function checkIn() {
  byId('check-in').disabled = true;
  await attempt(async () => {
    try {
      const points = await platform.checkIn(checkInKey);
      checkInKey = crypto.randomUUID();
      notice(points === null ? sentence('done_elsewhere') : sentence('done', { points: number(points) }));
      await look();
    } catch (error) {
      byId('check-in').disabled = false;
      throw error;
    }
  });
}

byId('check-in').addEventListener('click', () => void checkIn());
byId('again').addEventListener('click', () => void attempt(look).then(() => !byId('cards').hidden && notice('')));

wearTheme(launch.theme);
tellTelegram('web_app_ready');
tellTelegram('web_app_expand');
void attempt(async () => {
  await speak(platform.language);
  if (launch.initData === '') {
    notice(texts.outside);
    return;
  }
  notice('');
  await look();
});
