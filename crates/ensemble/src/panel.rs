//! Single histories as rows: every state and every pair of states in every period (a year or a tick) of the first histories.
//!
//! A row tells how the world stands when its period begins, and what happens within the period. Unless the panel goes through wars, a
//! history has rows for the periods that begin before its first war, as curves have it, so that the period with the war is the last one.

use serde::{Deserialize, Serialize};
use spiral_analysis::disputes::{Dispute, Level, days_between, disputes};
use spiral_analysis::panel_rows::{DyadPanelRow, PanelRows, StatePanelRow};
use spiral_model::look::{Look, StateLook};
use spiral_model::mechanisms::allies::FIRM_COMMITMENT;
use spiral_model::table_row::TableRow;
use spiral_model::{Event, Setup};

/// What a row of a panel covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PanelPeriod {
    /// A calendar year.
    #[default]
    Year,
    /// A tick of the scenario.
    Tick,
}

impl PanelPeriod {
    /// Its name in manifests and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Tick => "tick",
        }
    }
}

/// Which histories are kept as panels, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelOptions {
    /// Rows are kept of the histories that are numbered below this.
    pub histories: u32,
    /// What a row covers.
    pub by: PanelPeriod,
}

/// The periods of a world and its pairs of states.
pub(crate) struct PanelFrame {
    options: PanelOptions,
    through_war: bool,
    /// Boundary (number of ticks that have ended) at which each period begins, and the last boundary after them.
    starts: Vec<u32>,
    /// Dates of these boundaries.
    dates: Vec<f64>,
    /// Pairs of states that the setup has a dyad for, lower position first, rising.
    pairs: Vec<(usize, usize)>,
}

impl PanelFrame {
    /// Decimal years are sums of fractions such as 1/12, whose rounding may not hide the start of a year.
    const ROUNDING: f64 = 1e-6;

    pub(crate) fn new(setup: &Setup, options: PanelOptions, through_war: bool) -> Self {
        let horizon = &setup.horizon;
        let ticks = horizon.ticks();
        let year = |boundary: u32| (horizon.date(boundary) + Self::ROUNDING).floor();
        let begins = |boundary: &u32| options.by == PanelPeriod::Tick || *boundary == 0 || year(*boundary) > year(*boundary - 1);
        let mut starts: Vec<u32> = (0..ticks).filter(begins).collect();
        starts.push(ticks);
        let dates = starts.iter().map(|boundary| horizon.date(*boundary)).collect();
        let pairs = setup.dyads.iter().filter(|dyad| dyad.from < dyad.to).map(|dyad| (dyad.from, dyad.to)).collect();
        Self { options, through_war, starts, dates, pairs }
    }

    /// The period in which a date lies: the first or the last one for dates outside.
    fn period_of_date(&self, date: f64) -> usize {
        let after = self.dates.partition_point(|start| *start <= date + Self::ROUNDING);
        after.saturating_sub(1).min(self.dates.len().saturating_sub(2))
    }
}

/// A period that has begun in a history: its first rows in both tables.
#[derive(Debug, Clone, Copy)]
struct Begun {
    state: usize,
    dyad: usize,
}

/// One history of the block that is being simulated.
#[derive(Default)]
struct OpenHistory {
    rows: PanelRows,
    /// Ticks that each row of a state has counted.
    ticks: Vec<u32>,
    begun: Vec<Begun>,
    /// Whether it was running when it was last looked at.
    running: bool,
}

impl OpenHistory {
    /// Rows of states of a period, in the order of the states.
    fn states(&mut self, period: usize) -> &mut [StatePanelRow] {
        let end = self.begun.get(period + 1).map_or(self.rows.states.len(), |begun| begun.state);
        &mut self.rows.states[self.begun[period].state..end]
    }

    /// The row of a pair in a period.
    fn dyad(&mut self, period: usize, pair: (u32, u32)) -> Option<&mut DyadPanelRow> {
        let end = self.begun.get(period + 1).map_or(self.rows.dyads.len(), |begun| begun.dyad);
        let rows = &mut self.rows.dyads[self.begun[period].dyad..end];
        let at = rows.binary_search_by_key(&pair, |row| (row.state_a, row.state_b)).ok()?;
        Some(&mut rows[at])
    }

    /// Begins a period: one row for every state, and one for every pair of states that exist.
    fn begin<const WIDTH: usize>(&mut self, history: u32, look: &Look<'_, WIDTH>, lane: usize, pairs: &[(usize, usize)]) {
        self.begun.push(Begun { state: self.rows.states.len(), dyad: self.rows.dyads.len() });
        let states: Vec<Option<StateLook>> = (0..look.setup.states.len()).map(|state| look.state(state, lane)).collect();
        let arms = |state: &StateLook| state.offence + state.defence;
        let exist = || states.iter().flatten();
        let (all_arms, all_output) = (exist().map(arms).sum::<f64>(), exist().map(|state| state.output).sum::<f64>());
        let share = |own: f64, all: f64| if all > 0.0 { own / all } else { 0.0 };
        let capability = |state: &StateLook| 0.5 * (share(arms(state), all_arms) + share(state.output, all_output));
        for (position, (state, given)) in states.iter().zip(&look.setup.states).enumerate() {
            let number = |of: fn(&StateLook) -> f64| state.as_ref().map_or(f64::NAN, of);
            self.ticks.push(0);
            self.rows.states.push(StatePanelRow {
                history,
                date: look.date,
                state: position as u32,
                great_power: given.great_power,
                arms: number(|state| state.offence + state.defence),
                offensive_share: number(|state| {
                    let arms = state.offence + state.defence;
                    if arms > 0.0 { state.offence / arms } else { 0.0 }
                }),
                threat: f64::NAN,
                perceived_balance: number(|state| state.perceived_balance),
                warheads: number(|state| state.warheads),
                capability_share: state.as_ref().map_or(f64::NAN, capability),
                alive: state.is_some(),
                at_war: state.is_some_and(|state| state.at_war),
                ..StatePanelRow::BLANK
            });
        }
        for &(one, other) in pairs {
            let (Some(a), Some(b), Some(inputs)) = (&states[one], &states[other], look.inputs(one, other)) else { continue };
            let (forth, back) = (look.dyad(one, other, lane), look.dyad(other, one, lane));
            let (weaker, stronger) = (capability(a).min(capability(b)), capability(a).max(capability(b)));
            let commitment = forth.iter().chain(&back).map(|dyad| dyad.commitment).fold(0.0, f64::max);
            self.rows.dyads.push(DyadPanelRow {
                history,
                date: look.date,
                state_a: one as u32,
                state_b: other as u32,
                distance: inputs.distance,
                contact: inputs.contact,
                allied: commitment >= FIRM_COMMITMENT,
                great_powers: [one, other].iter().filter(|state| look.setup.states[**state].great_power).count() as u8,
                capability_ratio: if stronger > 0.0 { weaker / stronger } else { 1.0 },
                mistrust_a: forth.map_or(f64::NAN, |dyad| dyad.mistrust),
                mistrust_b: back.map_or(f64::NAN, |dyad| dyad.mistrust),
                threat_a: f64::NAN,
                threat_b: f64::NAN,
                vulnerability_a: f64::NAN,
                vulnerability_b: f64::NAN,
                ..DyadPanelRow::BLANK
            });
        }
    }

    /// Adds a tick that has ended to the rows of its period; `first` where it is the first one of the period.
    fn add_tick<const WIDTH: usize>(&mut self, look: &Look<'_, WIDTH>, lane: usize, first: bool) {
        let Some(begun) = self.begun.last() else { return };
        for (row, ticks) in self.rows.states[begun.state..].iter_mut().zip(&mut self.ticks[begun.state..]) {
            let Some(state) = look.state(row.state as usize, lane) else { continue };
            *ticks += 1;
            row.output += state.output;
            row.procurement += state.procurement;
            row.at_war |= state.at_war;
            if first {
                row.threat = state.threat;
            }
        }
        for row in self.rows.dyads[begun.dyad..].iter_mut().filter(|_| first) {
            let (a, b) = (row.state_a as usize, row.state_b as usize);
            if let (Some(forth), Some(back)) = (look.dyad(a, b, lane), look.dyad(b, a, lane)) {
                (row.threat_a, row.threat_b) = (forth.threat, back.threat);
                (row.vulnerability_a, row.vulnerability_b) = (forth.vulnerability, back.vulnerability);
            }
        }
    }

    /// Enters a dispute in the rows of its pair. What begins in a period with rows but is dated after the last one belongs to the last.
    fn enter(&mut self, dispute: &Dispute, frame: &PanelFrame) {
        let Some(last) = self.begun.len().checked_sub(1) else { return };
        let onset = frame.period_of_date(dispute.onset());
        if onset > last {
            return;
        }
        if let Some(row) = self.dyad(onset, dispute.pair) {
            row.crisis_onset = true;
        }
        for step in &dispute.steps {
            let Some(row) = self.dyad(frame.period_of_date(step.date).min(last), dispute.pair) else { continue };
            row.hostility = row.hostility.max(step.level as u8);
            if let Some((state, risk)) = step.risk {
                let known = if state == row.state_a { &mut row.risk_a } else { &mut row.risk_b };
                *known = Some(known.map_or(risk, |known| known.max(risk)));
            }
        }
        let Some((began, _)) = dispute.war else { return };
        let first = frame.period_of_date(began).min(last);
        if let Some(row) = self.dyad(first, dispute.pair) {
            row.war_onset = true;
        }
        for period in first..=last {
            let (start, end) = (frame.dates[period], frame.dates[period + 1]);
            let fought = dispute.days_of_war(start, end);
            if period > first && fought <= 0.0 {
                break;
            }
            if let Some(row) = self.dyad(period, dispute.pair) {
                // Where the two fight in two wars at a time, a day counts once.
                row.days = (row.days + fought).min(days_between(start, end));
                row.hostility = Level::War as u8;
            }
            let states = self.states(period);
            for state in [dispute.pair.0, dispute.pair.1] {
                if let Some(row) = states.get_mut(state as usize) {
                    row.at_war |= row.alive;
                }
            }
        }
    }

    /// The finished rows.
    fn close(mut self) -> PanelRows {
        for (row, ticks) in self.rows.states.iter_mut().zip(&self.ticks) {
            let ticks = f64::from(*ticks);
            // Without a tick there is no mean: 0 divided by 0.
            row.burden = row.procurement / row.output;
            row.output /= ticks;
            row.procurement /= ticks;
        }
        self.rows
    }
}

/// Watches blocks and keeps the rows of their histories.
pub(crate) struct PanelRecorder<'a> {
    frame: Option<&'a PanelFrame>,
    /// Number of the first history of the block.
    first: u32,
    /// The histories of the block that are kept.
    open: Vec<OpenHistory>,
}

impl<'a> PanelRecorder<'a> {
    /// A recorder; without a frame nothing is kept.
    pub(crate) fn new(frame: Option<&'a PanelFrame>) -> Self {
        Self { frame, first: 0, open: Vec::new() }
    }

    /// Prepares for a block of so many histories, and returns whether any of them is kept.
    pub(crate) fn start_block(&mut self, first: u32, asked: u32) -> bool {
        let most = self.frame.map_or(0, |frame| frame.options.histories);
        self.first = first;
        self.open.clear();
        self.open.resize_with(asked.min(most.saturating_sub(first)) as usize, OpenHistory::default);
        !self.open.is_empty()
    }

    /// Whether a close look is wanted.
    pub(crate) fn wants(&self) -> bool {
        !self.open.is_empty()
    }

    /// Adds what happened since the last look, and begins periods.
    pub(crate) fn look<const WIDTH: usize>(&mut self, look: &Look<'_, WIDTH>) {
        let Some(frame) = self.frame else { return };
        // The last boundary begins nothing.
        let begins = frame.starts.binary_search(&look.boundary).is_ok_and(|period| period + 1 < frame.starts.len());
        for (lane, history) in self.open.iter_mut().enumerate() {
            if let Some(tick) = look.boundary.checked_sub(1) {
                let period = frame.starts.partition_point(|start| *start <= tick);
                if history.running && history.begun.len() == period {
                    history.add_tick(look, lane, frame.starts[period - 1] == tick);
                }
            }
            history.running = look.running[lane];
            if begins && history.running && (frame.through_war || look.at_peace[lane]) {
                history.begin(self.first + lane as u32, look, lane, &frame.pairs);
            }
        }
    }

    /// The rows of the block, with what its events say.
    pub(crate) fn end_block(&mut self, events: &[Event]) -> PanelRows {
        let Some(frame) = self.frame else { return PanelRows::default() };
        let first = self.first;
        for own in events.chunk_by(|one, other| one.history == other.history) {
            if let Some(history) = self.open.get_mut(own[0].history.wrapping_sub(first) as usize) {
                for dispute in &disputes(own) {
                    history.enter(dispute, frame);
                }
            }
        }
        let mut rows = PanelRows::default();
        self.open.drain(..).for_each(|history| rows.append(history.close()));
        rows
    }
}
