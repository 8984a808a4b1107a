/** What a member can send into any chat by typing the bot's name (B-02). */
export interface InlineCard {
  /** Unique among the cards, up to 60 of a-z 0-9 _. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Telegram HTML. */
  readonly html: string;
  /** A button below the sent message that opens the bot, by a deep link if there is a payload. */
  readonly open?: { readonly text: string; readonly payload: string };
}
