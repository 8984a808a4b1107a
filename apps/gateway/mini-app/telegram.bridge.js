/** Telegram's colours by the names they have here; what it does not name keeps ours. */
const colours = {
  '--background': 'secondary_bg_color',
  '--card': 'bg_color',
  '--text': 'text_color',
  '--hint': 'hint_color',
  '--accent': 'button_color',
  '--on-accent': 'button_text_color',
};

/** Looks like the chat it was opened from. */
export function wearTheme(theme) {
  for (const [name, wanted] of Object.entries(colours)) {
    const colour = theme[wanted];
    if (typeof colour === 'string' && /^#[0-9a-f]{6}$/i.test(colour)) {
      document.documentElement.style.setProperty(name, colour);
    }
  }
}

/** Tells the app around this page something, in the way of whichever app it is; outside of Telegram nobody listens. */
export function tellTelegram(eventType, eventData = {}) {
  const data = JSON.stringify(eventData);
  if (window.TelegramWebviewProxy !== undefined) {
    window.TelegramWebviewProxy.postEvent(eventType, data);
  } else if (typeof window.external?.notify === 'function') {
    window.external.notify(JSON.stringify({ eventType, eventData }));
  } else if (window.parent !== window) {
    window.parent.postMessage(JSON.stringify({ eventType, eventData }), 'https://web.telegram.org');
  }
}
