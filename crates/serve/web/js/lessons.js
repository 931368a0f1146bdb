// Six lessons: a question first, a guess, then the results. Each step is a link of the page.
import { effect, html, signal } from './library.js';
import * as actions from './actions.js';
import * as state from './state.js';

const world = (prefix, scenario, set = {}, without = []) => [
  [`${prefix}scenario`, scenario],
  ...Object.entries(set).map(([path, value]) => [`${prefix}set`, `${path}:${value}`]),
  ...without.map((name) => [`${prefix}without`, name]),
];

/**
 * What a step says of its results: a text, or a text made from the results, and where it is a claim, the condition under which it is true.
 * The texts take their numbers from the results, so that they cannot differ from the table; a check runs every step and its conditions.
 */
const says = (text, holds = null) => ({ text, holds });

/** A step: what is told, of what the reader guesses a number, what is said then, and the worlds that answer. */
const step = (title, text, guess, measure, seen, b, a, more = {}) => ({ title, text, guess, measure, seen, b, a, more });

/** How many histories of 100: the guess of most steps. */
const HUNDRED = (what) => `In how many of 100 histories is there ${what}?`;

export const LESSONS = [
  {
    name: 'spiral', title: 'The spiral without an aggressor',
    about: 'Two equal states want nothing but safety. Can they still end up at war?',
    steps: [
      step('Two states that want only safety', 'EAST and WEST are equal. Neither wants the land of the other. But attack is as easy as defence, whoever strikes first has a great advantage, and nobody can tell arms for attack from arms for defence.',
        HUNDRED('a war within forty years'), 'war', [
          says(({ b }) => `There is a war in ${b.war.point} of the histories.`, ({ b }) => b.war.lower > 0.05 && b.war.upper < 0.5),
          says(({ b }) => `Nearly all of these wars begin by preemption (${b.preemption.point}): the attacker would not have struck without its fear of being struck first.`, ({ b }) => b.preemption.lower > 0.85),
          says('Click that row in the table, and read one of the histories.'),
        ], ['two-states'], null),
      step('Take away the first strike', 'Now whoever strikes first gains nothing by it. Everything else stays: the states, their fears, the ease of attack.',
        HUNDRED('still a war'), 'war', [
          says(({ b, histories }) => `In none of ${histories}.`, ({ b }) => b.war.estimate === 0),
          says(({ a, b }) => `The two states still mistrust each other and have crises (${b.crises.point} in a history, in world A ${a.crises.point}).`, ({ b }) => b.crises.lower > 1),
          says(({ a, b }) => `They arm nearly as much: the largest burden is ${b.peak_burden.point} of output, in world A ${a.peak_burden.point}.`, ({ a, b }) => b.peak_burden.estimate > 0.85 * a.peak_burden.estimate),
          says('But in a crisis nobody must hurry.'),
        ], ['two-states', { 'technology.first_strike': '1' }], ['two-states']),
      step('Let arms speak', 'The first strike is back. But now arms for attack can be told from arms for defence.',
        HUNDRED('still a war'), 'war', [
          says(({ b }) => `That intentions can be seen is nearly enough here: ${b.war.point} of the histories have a war.`, ({ b }) => b.war.upper < 0.02),
          says(({ a, b }) => `Each state sees that the other buys defences. Crises become fewer too (${b.crises.point}, in world A ${a.crises.point}), and burdens smaller (${b.peak_burden.point}, in world A ${a.peak_burden.point}).`, ({ less }) => less.crises.upper < 0 && less.peak_burden.upper < 0),
          says('This is the hope in the theory: states that want only safety can show it.'),
        ], ['two-states', { 'technology.distinguishability': '0.9' }], ['two-states']),
    ],
  },
  {
    name: 'four-worlds', title: 'The four worlds of Jervis',
    about: 'How do the cost of attack and the visibility of intentions decide whether there is peace?',
    steps: [
      step('Doubly dangerous', 'Eight states in a ring. In the first world attack is easy, and arms do not reveal intentions: Jervis called it doubly dangerous.',
        HUNDRED('a war within forty years'), 'war', [
          says(({ b }) => `In nearly all of them (${b.war.point}), and nearly every first war begins by preemption (${b.preemption.point}).`, ({ b }) => b.war.lower > 0.9 && b.preemption.lower > 0.9),
        ], ['four-worlds/offence-indistinguishable'], null),
      step('Easy attack, visible intentions', 'In world B attack is as easy as before, but arms show what they are for.',
        HUNDRED('still a war in world B'), 'war', [
          says(({ b }) => `Visible intentions take away nearly all wars: ${b.war.point} of the histories still have one.`, ({ b }) => b.war.upper < 0.1),
          says('Even where attack is easy, states that can show what they want have less to fear.'),
          says(({ b }) => `And few of the wars that remain begin from fear: ${b.preemption.point} of them.`, ({ b }) => b.preemption.upper < 0.5),
        ], ['four-worlds/offence-distinguishable'], ['four-worlds/offence-indistinguishable']),
      step('Where defence is easy', 'In world B intentions are hidden again, but attack is hard.',
        HUNDRED('a war in world B'), 'war', [
          says(({ histories }) => `In none of ${histories}.`, ({ b }) => b.war.estimate === 0),
          says(({ b }) => `There are crises, ${b.crises.point} in a history, and the states still arm: the security dilemma is there, but it has no teeth.`, ({ a, b }) => b.crises.lower > 10 && b.peak_burden.estimate > 0.85 * a.peak_burden.estimate),
          says('The view “Jervis plane” shows all that lies between the four worlds.'),
        ], ['four-worlds/defence-indistinguishable'], ['four-worlds/offence-indistinguishable']),
    ],
  },
  {
    name: '1914', title: '1914: the cult of the offensive',
    about: 'Europe believed that attack wins. What if it had known the truth?',
    steps: [
      step('Europe from 1890 on', 'Ten states, their alliances and claims, and what their staffs taught: that attack wins. In truth machine guns and railways favoured the defence. States decide on what they believe; wars are fought with the true balance. A general war has at least three great powers in it.',
        HUNDRED('a general war by 1920'), 'general_war', [
          says(({ b }) => `In ${b.general_war.point} of the histories; in half of these, before ${Math.ceil(b.median_general_war.estimate)}.`, ({ b }) => b.general_war.lower > 0.3 && b.general_war.upper < 0.9 && b.median_general_war.estimate < 1920),
          says(({ b }) => `Look at the motives: ${b.preemption.point} of the first wars begin by preemption. Most of the rest begin by predation (${b.predation.point}): what the attacker could win was enough, so fear is not the whole story.`, ({ b }) => b.preemption.lower > 0.25 && b.predation.lower > 0.25),
        ], ['pre-wwi'], null),
      step('Everyone knows the truth', 'In world B every state believes in the true balance. Nothing else changes: the same alliances, claims and crises, and the same chance.',
        HUNDRED('still a general war in world B'), 'general_war', [
          says(({ histories }) => `In none of ${histories}.`, ({ b }) => b.general_war.estimate === 0),
          says(({ a, b }) => `The crises do not go away: there are ${b.crises.point} in a history, in world A ${a.crises.point}.`, ({ less }) => less.crises.lower > 0),
          says('In the model the belief that attack wins is necessary for 1914. This is a result about the model: its constants were chosen with this war in view.'),
        ], ['pre-wwi', { 'states.*.perceived_balance': '0.35' }], ['pre-wwi']),
      step('A telephone line', 'In world B crises are settled twice as fast, as if the governments had a direct line from the start.',
        HUNDRED('still a general war in world B'), 'general_war', [
          says(({ a, b }) => `Better talking helps much: the share falls from ${a.general_war.point} to ${b.general_war.point}.`, ({ less }) => less.general_war.upper < -0.1),
          says('But it does not do what truer beliefs did.', ({ b }) => b.general_war.lower > 0.1),
        ], ['pre-wwi', { 'crisis.settlement': '0.14' }], ['pre-wwi']),
    ],
  },
  {
    name: 'thirties', title: 'The thirties, and the limits of the theory',
    about: 'Is every war a misunderstanding?',
    steps: [
      step('Two worlds of fear', 'World A is Europe before 1914, world B is Europe from 1930 on. A war from fear is a war by preemption: the attacker would not have struck without its fear of being struck first.',
        'Of 100 first wars in world B, how many begin by preemption?', 'preemption', [
          says(({ b, wars }) => `None of ${wars.b}.`, ({ b }) => b.preemption.estimate === 0),
          says(({ a, b }) => `Before 1914 it is ${a.preemption.point}. From 1930 on ${b.predation.point} of the first wars begin by predation: what the attacker could win was enough.`, ({ a, b }) => a.preemption.lower > 0.25 && b.predation.lower > 0.95),
          says('The security dilemma does not explain this war.'),
        ], ['pre-wwii'], ['pre-wwi']),
      step('A Germany without greed', 'In world B Germany has no greed, at any time.',
        HUNDRED('still a general war in world B'), 'general_war', [
          says(({ a, b }) => `The share falls from ${a.general_war.point} to ${b.general_war.point}.`, ({ b }) => b.general_war.upper < 0.2),
          says('The first wars that remain are still begun by Germany: it keeps its claims on Poland and on Czechoslovakia. The table “Who strikes first” shows it.', ({ b }) => b.struckBy('GER') > 0.8),
        ], ['pre-wwii', { 'states.GER.greed': '0' }], ['pre-wwii']),
      step('How aware was the West?', 'Appeasement is often explained so: London saw Germany’s arming as fear. In world B the West is not aware of the security dilemma at all, and takes every arming for greed.',
        HUNDRED('a general war in world B'), 'general_war', [
          says(({ a, b, less }) => `It is ${b.general_war.point}, and ${a.general_war.point} in world A. Look at the difference and at its interval: ${less.general_war.text}.`, ({ less }) => less.general_war.upper < 0.1 && less.general_war.lower > -0.1),
          says('A West that expects the worst does not make the war less likely.', ({ less }) => less.general_war.lower > -0.02),
          says('This is a negative result, and it stands in the report of the program too.'),
        ], ['pre-wwii', { 'states.GBR.awareness': '0', 'states.FRA.awareness': '0' }], ['pre-wwii']),
    ],
  },
  {
    name: 'missiles', title: 'Missiles in silos, missiles at sea',
    about: 'The same number of warheads. Does it matter where they are?',
    steps: [
      step('Silos', 'Two equal powers that want only safety, from 1960 on. Their missiles are in silos: whoever strikes first can destroy them.',
        HUNDRED('a war within thirty years'), 'war', [
          says(({ b }) => `In ${b.war.point} of them, and ${b.preemption.point} of these wars begin by preemption.`, ({ b }) => b.war.lower > 0.6 && b.preemption.lower > 0.9),
          says('A weapon that must be used first or be lost makes waiting dangerous.'),
        ], ['missiles/silos'], null),
      step('A hotline', 'In world B crises are settled twice as fast.',
        HUNDRED('still a war in world B'), 'war', [
          says(({ a, b }) => `The hotline helps little here: the share falls from ${a.war.point} to ${b.war.point}.`, ({ less }) => less.war.lower > -0.15 && less.war.upper < 0),
          says(({ b }) => `Compare this with 1914, where it helped much: with missiles the first strike comes some ${Math.round(b.days_crisis_to_war.estimate)} days after the crisis begins, and the reason to strike has not gone away.`, ({ b }) => b.days_crisis_to_war.estimate <= 5),
        ], ['missiles/silos', { 'crisis.settlement': '0.14' }], ['missiles/silos']),
      step('At sea', 'In world B the missiles are in submarines. No first strike reaches them, and they cannot disarm the other side.',
        HUNDRED('still a war in world B'), 'war', [
          says(({ histories }) => `In none of ${histories}.`, ({ b }) => b.war.estimate === 0),
          says(({ a, b }) => `There are more crises than before (${b.crises.point} in a history, in world A ${a.crises.point}), and the states spend more on arms (${b.peak_burden.point} of output, in world A ${a.peak_burden.point}): peace is not the absence of hostility.`, ({ less }) => less.crises.lower > 0 && less.peak_burden.lower > 0),
          says('Weapons that survive make waiting safe.'),
        ], ['missiles/submarines'], ['missiles/silos']),
    ],
  },
  {
    name: 'stag-hunt', title: 'The stag hunt: trust',
    about: 'The same two states, the same weapons. Only what each expects of the other differs.',
    steps: [
      step('Trust', 'Both do best if both hold back. Each is almost sure that the other wants only safety. In the second year there is a scare.',
        HUNDRED('a war within thirty years'), 'war', [
          says(({ b }) => `The scare nearly always passes: ${b.war.point} of the histories have a war.`, ({ b }) => b.war.upper < 0.1),
        ], ['stag-hunt/trust'], null),
      step('Mistrust', 'World B is the same world, but each state gives the other an even chance of being greedy. It is wrong: neither is.',
        HUNDRED('a war in world B'), 'war', [
          says(({ a, b }) => `A wrong expectation makes itself true: ${b.war.point} of the histories have a war, in world A ${a.war.point}. ${b.preemption.point} of these wars begin by preemption.`, ({ less, b }) => less.war.lower > 0.05 && b.preemption.lower > 0.5),
          says(({ a, b }) => `Burdens are much the same (${b.peak_burden.point} of output, in world A ${a.peak_burden.point}). What differs is mistrust: see the curves.`, ({ a, b }) => Math.abs(b.peak_burden.estimate - a.peak_burden.estimate) < 0.005),
        ], ['stag-hunt/mistrust'], ['stag-hunt/trust'], { metric: 'mistrust' }),
      step('Where is the edge?', 'Now change it yourself: the buttons give world B another suspicion, that is, another first guess of how probable it is that the other is greedy. Watch the share of wars.',
        'Is there a point at which peace tips over?', null, [
          says('No: the share of wars rises step by step, because chance decides how many scares come. Beyond a suspicion of some 0.3 it rises little.'),
        ], ['stag-hunt/trust'], ['stag-hunt/trust'], { metric: 'mistrust', tries: { path: 'beliefs.suspicion', name: 'Suspicion', values: ['0.03', '0.1', '0.2', '0.3', '0.4', '0.5'] } }),
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

/** What the texts of a step read from an answer: the estimates of both worlds and their differences by name. */
export function results(found) {
  const named = (measures) => Object.fromEntries(measures.map((one) => [one.name, { ...one, point: one.text.split(' [')[0] }]));
  const world = (one) => ({ ...named([...one.measures, ...one.motives]), struckBy: (code) => one.first_pairs.filter(({ name }) => name.startsWith(`${code} `)).reduce((sum, { estimate }) => sum + estimate, 0) });
  const wars = (one) => one.rows.filter(({ war }) => war !== null).length;
  const [first, last] = [found.worlds[0], found.worlds.at(-1)];
  return { a: world(first), b: world(last), less: named(found.contrast), histories: found.histories, wars: { a: wars(first), b: wars(last) } };
}

/** The worlds of a step, as the program is asked for them. */
export function worldsOf(lesson, number) {
  const { b, a } = lesson.steps[number];
  const asked = ([scenario, set = {}, without = []]) => state.request({ scenario, set, without });
  const [of_a, of_b] = [asked(a ?? [b[0]]), asked(b)];
  return { a: state.same(of_a, of_b) ? null : of_a, b: of_b };
}

/** The steps whose answers are open, the guesses, and the sentences that were filled with results. */
const shown = signal(new Set());
const guesses = signal({});
const told = new Map();

/** The step that is open: its lesson, number, and name; null where no lesson is. */
function current() {
  const at = state.lesson.value;
  const lesson = LESSONS.find(({ name }) => name === at?.name);
  return lesson?.steps[at.step] ? { lesson, number: at.step, step: lesson.steps[at.step], place: `${lesson.name}.${at.step}` } : null;
}

/** Whether the reader is still to guess, so that results stay hidden. */
export function guessing() {
  const now = current();
  return Boolean(now && now.step.measure && !shown.value.has(now.place));
}

/** Goes to the beginning of a step when it opens. */
export function watchLesson() {
  let before = null;
  effect(() => {
    const place = current()?.place ?? null;
    if (place && before && place !== before) requestAnimationFrame(() => {
      window.scrollTo(0, 0);
      document.getElementById('step-title')?.focus({ preventScroll: true });
    });
    before = place;
  });
}

/** The sentences of a step with its numbers, once all histories of its worlds are there. */
function sentences({ lesson, number, step: { seen, measure }, place }) {
  const found = state.answer.value;
  const worlds = worldsOf(lesson, number);
  if (!measure) return { texts: seen.map(({ text }) => text), answer: null };
  if (found && found.histories === found.of && state.same([found.a, found.b], [worlds.a, worlds.b])) {
    const known = results(found);
    told.set(place, { texts: seen.map(({ text }) => (typeof text === 'string' ? text : text(known))), answer: known.b[measure].text });
  }
  return told.get(place) ?? null;
}

function Guess({ place, guess }) {
  const value = guesses.value[place] ?? 50;
  const open = () => {
    guesses.value = { ...guesses.value, [place]: value };
    shown.value = new Set([...shown.value, place]);
    requestAnimationFrame(() => document.getElementById('step-seen')?.focus({ preventScroll: true }));
  };
  return html`<div class="guessing"><label for="step-guess">Your guess</label>
    <input id="step-guess" type="range" min="0" max="100" step="1" value=${value} aria-label=${guess} aria-valuetext=${`${value} of 100`} onInput=${(event) => { guesses.value = { ...guesses.value, [place]: Number(event.target.value) }; }} />
    <output for="step-guess">${value} of 100</output>
    <button type="button" class="primary" onClick=${open}>I have guessed: what is there to see?</button></div>`;
}

function Seen({ now }) {
  const known = sentences(now);
  const guess = guesses.value[now.place];
  const { b } = worldsOf(now.lesson, now.number);
  const moved = now.step.measure && !state.same(state.requestB.value, b);
  return html`<div id="step-seen" tabindex="-1" role="status">
    ${known?.answer && guess !== undefined && html`<p class="answer">Your guess: <strong>${guess} of 100</strong>. The model: <strong>${known.answer}</strong>.</p>`}
    <p>${known ? known.texts.join(' ') : 'The histories are being simulated …'}</p>
    ${moved && html`<p class="note">You have moved the world since; these sentences are about the world of the step. <button type="button" class="link" onClick=${() => actions.go(stepLink(now.lesson, now.number))}>Back to it</button></p>`}
  </div>`;
}

/** Buttons that give a number of world B other values. */
function Tries({ path, name, values }) {
  const row = state.described.value?.parameters.find((one) => one.path === path);
  const now = state.world.value.set[path] ?? String(row?.value ?? '');
  return html`<div class="choices wrap" role="group" aria-label=${name}><span>${name}</span>${values.map((value) => html`<button key=${value} type="button" aria-pressed=${Number(value) === Number(now)} onClick=${() => actions.move(path, value, row?.value ?? null)}>${value}</button>`)}</div>`;
}

/** The step of the lesson that is open, above its results. */
export function Step() {
  const now = current();
  if (!now || state.tab.value === 'lessons') return null;
  const { lesson, number, step: one, place } = now;
  const open = shown.value.has(place);
  const last = number === lesson.steps.length - 1;
  const following = LESSONS[LESSONS.indexOf(lesson) + 1];
  return html`<section class="step" aria-labelledby="step-title">
    <p class="note">${lesson.title} · step ${number + 1} of ${lesson.steps.length}</p>
    <h2 id="step-title" tabindex="-1">${one.title}</h2>
    <p>${one.text}</p>
    ${one.more.tries && html`<${Tries} ...${one.more.tries} />`}
    <p class="guess">${one.guess}</p>
    ${open ? html`<${Seen} now=${now} />` : one.measure ? html`<${Guess} place=${place} guess=${one.guess} />`
    : html`<button type="button" class="primary" onClick=${() => { shown.value = new Set([...shown.value, place]); }}>I have looked: what is there to see?</button>`}
    <div class="choices wrap">
      ${number > 0 && html`<button type="button" onClick=${() => actions.go(stepLink(lesson, number - 1))}>Back</button>`}
      ${!last && html`<button type="button" class=${open ? 'primary' : ''} onClick=${() => actions.go(stepLink(lesson, number + 1))}>Next step</button>`}
      ${last && following && html`<button type="button" class=${open ? 'primary' : ''} onClick=${() => actions.go(stepLink(following, 0))}>Next lesson</button>`}
      <button type="button" onClick=${() => actions.show({ tab: 'lessons', lesson: null })}>${last ? 'Other lessons' : 'Leave the lesson'}</button>
    </div>
  </section>`;
}
