// Six lessons: a question first, a guess, then the run. Each step is a link of the page; its answer appears when the run is there.
import { html, signal } from './library.js';
import * as actions from './actions.js';
import * as state from './state.js';

const world = (prefix, scenario, set = {}, without = []) => [
  [`${prefix}scenario`, scenario],
  ...Object.entries(set).map(([path, value]) => [`${prefix}set`, `${path}:${value}`]),
  ...without.map((name) => [`${prefix}without`, name]),
];

/** A step: what is asked, the worlds that answer, and what to see there. */
const step = (title, text, guess, seen, b, a, more = {}) => ({ title, text, guess, seen, b, a, more });

export const LESSONS = [
  {
    name: 'spiral', title: 'The spiral without an aggressor',
    about: 'Two equal states want nothing but safety. Can they still end up at war?',
    steps: [
      step('Two states that want only safety', 'EAST and WEST are equal. Neither wants the land of the other. But attack is as easy as defence, whoever strikes first has a great advantage, and nobody can tell arms for attack from arms for defence.',
        'In how many of 100 histories is there a war within forty years?',
        'About a quarter of the histories have a war, and nearly all of these wars begin by preemption: the attacker would not have struck without its fear of being struck first. Click that row, and read one of the histories.',
        ['two-states'], null),
      step('Take away the first strike', 'Now whoever strikes first gains nothing by it. Everything else stays: the states, their fears, the ease of attack.',
        'Do the wars become fewer, or do they go away?',
        'They go away. The two states still mistrust each other, arm nearly as much, and have crises. But in a crisis nobody must hurry.',
        ['two-states', { 'technology.first_strike': '1' }], ['two-states']),
      step('Let arms speak', 'The first strike is back. But now arms for attack can be told from arms for defence.',
        'Is it enough that intentions can be seen?',
        'It is enough here. Each state sees that the other buys defences; burdens and crises fall too. This is the hope in the theory: states that want only safety can show it.',
        ['two-states', { 'technology.distinguishability': '0.9' }], ['two-states']),
    ],
  },
  {
    name: 'four-worlds', title: 'The four worlds of Jervis',
    about: 'How do the cost of attack and the visibility of intentions decide whether there is peace?',
    steps: [
      step('Doubly dangerous', 'Eight states in a ring. In the first world attack is easy, and arms do not reveal intentions: Jervis called it doubly dangerous.',
        'What share of the histories has a war?',
        'Nearly all of them, and nearly every first war begins by preemption.',
        ['four-worlds/offence-indistinguishable'], null),
      step('Easy attack, visible intentions', 'World B is the same, but arms show what they are for.',
        'Which matters more: that attack is easy, or that intentions are hidden?',
        'Visible intentions take away most of the wars: about one history in twenty still has one. Even where attack is easy, states that can show what they want have less to fear.',
        ['four-worlds/offence-distinguishable'], ['four-worlds/offence-indistinguishable']),
      step('Where defence is easy', 'World B: intentions are hidden again, but attack is hard.',
        'Do the states still arm? Do they still fight?',
        'There is no war. There are crises, and the states still arm: the security dilemma is there, but it has no teeth. The view “Jervis plane” shows all that lies between the four worlds.',
        ['four-worlds/defence-indistinguishable'], ['four-worlds/offence-indistinguishable']),
    ],
  },
  {
    name: '1914', title: '1914: the cult of the offensive',
    about: 'Europe believed that attack wins. What if it had known the truth?',
    steps: [
      step('Europe from 1890 on', 'Ten states, their alliances and claims, and what their staffs taught: that attack wins. In truth machine guns and railways favoured the defence. States decide on what they believe; wars are fought with the true balance.',
        'How likely was a general war before 1915, in your view?',
        'Three in four histories have a general war. Look at the motives: about two in five first wars begin by preemption. The rest is mostly greed and claims, so fear is not the whole story.',
        ['pre-wwi'], null),
      step('Everyone knows the truth', 'In world B every state believes in the true balance. Nothing else changes: the same alliances, claims and crises, and the same chance.',
        'How many of the general wars remain?',
        'None in a thousand histories, and there are even more crises than before. In the model the belief that attack wins is necessary for 1914. This is a result about the model: its constants were chosen with this war in view.',
        ['pre-wwi', { 'states.*.perceived_balance': '0.35' }], ['pre-wwi']),
      step('A telephone line', 'In world B crises are settled twice as fast, as if the governments had a direct line from the start.',
        'Can better talking do what truer beliefs did?',
        'It helps much, but it is not enough: about half of the histories still have a general war.',
        ['pre-wwi', { 'crisis.settlement': '0.14' }], ['pre-wwi']),
    ],
  },
  {
    name: 'thirties', title: 'The thirties, and the limits of the theory',
    about: 'Is every war a misunderstanding?',
    steps: [
      step('Two worlds of fear', 'World A is Europe before 1914, world B is Europe from 1930 on.',
        'In which of them do first wars begin from fear?',
        'Before 1914 some two in five. From 1930 on none: every first war begins by predation. The security dilemma does not explain this war.',
        ['pre-wwii'], ['pre-wwi']),
      step('A Germany without greed', 'In world B Germany has no greed, at any time.',
        'How much of the risk goes away?',
        'The general wars fall to some tenth of the histories. The first wars that remain are still begun by Germany: it keeps its claims on Poland and on Czechoslovakia.',
        ['pre-wwii', { 'states.GER.greed': '0' }], ['pre-wwii']),
      step('How aware was the West?', 'Appeasement is often explained so: London saw Germany’s arming as fear. In world B the West is not aware of the security dilemma at all, and takes every arming for greed.',
        'Does that make the war less likely?',
        'Look at the difference and at its interval: it hardly changes anything. This is a negative result, and it stands in the report of the program too.',
        ['pre-wwii', { 'states.GBR.awareness': '0', 'states.FRA.awareness': '0' }], ['pre-wwii']),
    ],
  },
  {
    name: 'missiles', title: 'Missiles in silos, missiles at sea',
    about: 'The same number of warheads. Does it matter where they are?',
    steps: [
      step('Silos', 'Two equal powers that want only safety, from 1960 on. Their missiles are in silos: whoever strikes first can destroy them.',
        'How many histories have a war within thirty years?',
        'Five in six, and nearly all by preemption. A weapon that must be used first or be lost makes waiting dangerous.',
        ['missiles/silos'], null),
      step('A hotline', 'In world B crises are settled twice as fast.',
        'Is the danger a lack of talking?',
        'The hotline hardly helps here. Compare this with 1914, where it helped much: with missiles the first strike comes after some three days, and the reason to strike has not gone away.',
        ['missiles/silos', { 'crisis.settlement': '0.14' }], ['missiles/silos']),
      step('At sea', 'In world B the missiles are in submarines. No first strike reaches them, and they cannot disarm the other side.',
        'And now?',
        'There is no war. There are more crises than before, and the states spend more on arms: peace is not the absence of hostility. Weapons that survive make waiting safe.',
        ['missiles/submarines'], ['missiles/silos']),
    ],
  },
  {
    name: 'stag-hunt', title: 'The stag hunt: trust',
    about: 'The same two states, the same weapons. Only what each expects of the other differs.',
    steps: [
      step('Trust', 'Both do best if both hold back. Each is almost sure that the other wants only safety. In the second year there is a scare.',
        'Does it pass?',
        'Nearly always: some seven in a hundred histories have a war within thirty years.',
        ['stag-hunt/trust'], null),
      step('Mistrust', 'World B is the same world, but each state gives the other an even chance of being greedy. It is wrong: neither is.',
        'Can a wrong expectation make itself true?',
        'Wars are about three to four times as many, most of them by preemption, and burdens look much the same. What differs is mistrust: choose “Mistrust” above the curves.',
        ['stag-hunt/mistrust'], ['stag-hunt/trust'], { metric: 'mistrust' }),
      step('Where is the edge?', 'Now move it yourself: search for “suspicion” and move the slider from trust to mistrust.',
        'Is there a point at which peace tips over?',
        'The share of wars rises step by step, not at one point: chance decides how many scares come. At a suspicion of 0.3 some 18 in a hundred histories have a war.',
        ['stag-hunt/trust', { 'beliefs.suspicion': '0.3' }], ['stag-hunt/trust'], { metric: 'mistrust' }),
    ],
  },
];

/** The link of a step. */
export function stepLink(lesson, number) {
  const { b, a, more } = lesson.steps[number];
  const parts = [...world('', ...b)];
  if (a && JSON.stringify(a) !== JSON.stringify([b[0]])) parts.push(...world('a.', ...a));
  parts.push(['seed', 1], ['n', 1000], ['metric', more.metric ?? 'burden'], ['view', 'fan'], ['tab', 'outcomes'], ['lesson', `${lesson.name}.${number}`]);
  return `#${new URLSearchParams(parts.map(([name, value]) => [name, String(value)]))}`;
}

export function Lessons() {
  return html`<section aria-labelledby="lessons-title">
    <h2 id="lessons-title">Six lessons, five minutes each</h2>
    <p class="note">Each begins with a question. Guess first, then let the histories answer. Every step is a link, so a class can open the same page.</p>
    <ul class="lessons">${LESSONS.map((lesson) => html`<li key=${lesson.name}><h3>${lesson.title}</h3><p>${lesson.about}</p>
      <button type="button" class="primary" onClick=${() => actions.go(stepLink(lesson, 0))}>Begin</button></li>`)}</ul>
  </section>`;
}

const shown = signal('');

/** The step of the lesson that is open, above its results. */
export function Step() {
  const at = state.lesson.value;
  const lesson = LESSONS.find(({ name }) => name === at?.name);
  const current = lesson?.steps[at.step];
  if (!current || state.tab.value === 'lessons') return null;
  const place = `${lesson.name}.${at.step}`;
  const open = shown.value === place;
  const last = at.step === lesson.steps.length - 1;
  return html`<section class="step" aria-labelledby="step-title">
    <p class="note">${lesson.title} · step ${at.step + 1} of ${lesson.steps.length}</p>
    <h2 id="step-title">${current.title}</h2>
    <p>${current.text}</p>
    <p class="guess">${current.guess}</p>
    ${open ? html`<p>${current.seen}</p>` : html`<button type="button" class="primary" onClick=${() => { shown.value = place; }}>I have guessed: what is there to see?</button>`}
    <div class="choices wrap">
      ${at.step > 0 && html`<button type="button" onClick=${() => actions.go(stepLink(lesson, at.step - 1))}>Back</button>`}
      ${!last && html`<button type="button" onClick=${() => actions.go(stepLink(lesson, at.step + 1))}>Next step</button>`}
      <button type="button" onClick=${() => actions.show({ tab: 'lessons', lesson: null })}>${last ? 'Other lessons' : 'Leave the lesson'}</button>
    </div>
  </section>`;
}
