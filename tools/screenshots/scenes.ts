import type { ChatDriver, Person } from './chat.driver.js';

type Language = Person['language'];

/** One picture: what is done before it, and what it shows in each language. */
export interface Scene {
  readonly name: string;
  readonly title: Record<Language, string>;
  play(chat: ChatDriver, language: Language): Promise<void>;
}

export const people: readonly Person[] = [
  { language: 'zh', firstName: '小樱' },
  { language: 'en', firstName: 'Mila' },
  { language: 'ru', firstName: 'Маша' },
];

const address: Record<Language, string> = { zh: 'sakura', en: 'mila', ru: 'masha' };

/** What a newcomer goes through, in order. */
export const memberScenes: readonly Scene[] = [
  {
    name: 'start',
    title: { zh: '开始', en: 'The start', ru: 'Начало' },
    play: (chat) => chat.start(),
  },
  {
    name: 'register',
    title: { zh: '加入', en: 'Joining', ru: 'Вступление' },
    async play(chat) {
      await chat.send('/register');
      await chat.send('COSPLAY7');
    },
  },
  {
    name: 'check-in',
    title: { zh: '签到', en: 'Check-in', ru: 'Отметка' },
    play: (chat) => chat.send('/checkin'),
  },
  {
    name: 'menu',
    title: { zh: '菜单', en: 'The menu', ru: 'Меню' },
    play: (chat) => chat.send('/menu'),
  },
  {
    name: 'points',
    title: { zh: '积分', en: 'Points', ru: 'Баллы' },
    play: (chat) => chat.send('/points'),
  },
  {
    name: 'calendar',
    title: { zh: '签到日历', en: 'The calendar', ru: 'Календарь' },
    play: (chat) => chat.send('/calendar'),
  },
  {
    name: 'bind',
    title: { zh: '绑定邮箱', en: 'Linking an address', ru: 'Привязка почты' },
    async play(chat, language) {
      await chat.send('/bind');
      await chat.send(`${address[language]}@example.org`);
    },
  },
  {
    name: 'verified',
    title: { zh: '绑定完成', en: 'The address is linked', ru: 'Почта привязана' },
    async play(chat, language) {
      await chat.mailCode(`${address[language]}@example.org`);
      await chat.send('/me');
    },
  },
  {
    name: 'shop',
    title: { zh: '商店', en: 'The shop', ru: 'Магазин' },
    play: (chat) => chat.send('/shop'),
  },
  {
    name: 'settings',
    title: { zh: '设置', en: 'Settings', ru: 'Настройки' },
    async play(chat) {
      await chat.send('/menu');
      await chat.press('⚙️');
    },
  },
];

/** What an admin sees. */
export const adminScenes: readonly Scene[] = [
  {
    name: 'admin',
    title: { zh: '管理', en: 'For admins', ru: 'Управление' },
    async play(chat, language) {
      const member = people.find((person) => person.language === language);
      await chat.send('/admin');
      await chat.press('🔍');
      await chat.send(member?.firstName ?? '');
    },
  },
];

/** Who looks after the community in the pictures. */
export const admins: readonly Person[] = [
  { language: 'zh', firstName: '管理员' },
  { language: 'en', firstName: 'Olga' },
  { language: 'ru', firstName: 'Ольга' },
];
