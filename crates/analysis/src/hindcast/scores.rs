//! From rows to scores.

use spiral_kernel::maths::ln;

use super::forecasts::{Scored, Variables};
use super::ranking::{POINTS, Ranking, rank_correlation};
use super::years::{METHOD, OverYears};
use super::{
    ALL_YEARS, Addition, CalibrationBin, ERAS, EraScores, Forecast, ForecastScore, GrowthScores, Hindcast, Input, OutcomeScores,
    StateRow,
};
use crate::table::Estimate;

/// Name of the forecast that is the simulated chance as it is.
const SIMULATION: &str = "simulation";
/// What is fitted for it.
const NOTHING_FITTED: &str = "nothing: the share of histories";
/// Where ranges of chances begin and end.
const EDGES: [f64; 11] = [0.0, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0];

/// Scores a hindcast.
#[must_use]
pub fn score(input: &Input) -> Hindcast {
    let mut start_years: Vec<i32> = input.dyads.iter().map(|dyad| dyad.year).collect();
    start_years.sort_unstable();
    start_years.dedup();
    let outcomes = Forecast::ALL.into_iter().filter_map(|forecast| outcome(input, forecast)).collect();
    Hindcast { histories: input.histories, horizon: input.horizon, start_years, outcomes, growth: growth(input) }
}

/// Name of each era with those of the years that lie in it, all years first; eras without any are left out.
fn eras(years: &[i32]) -> Vec<(&'static str, Vec<usize>)> {
    let within = |first: i32, last: i32| -> Vec<usize> {
        (0..years.len()).filter(|position| (first..=last).contains(&years[*position])).collect()
    };
    let mut found = vec![(ALL_YEARS, within(i32::MIN, i32::MAX))];
    found.extend(ERAS.iter().map(|(name, first, last)| (*name, within(*first, *last))));
    found.retain(|(_, years)| !years.is_empty());
    // One era alone is all years.
    if found.len() == 2 {
        found.truncate(1);
    }
    found
}

/// Scores of one outcome; `None` where the files say nothing of it.
fn outcome(input: &Input, forecast: Forecast) -> Option<OutcomeScores> {
    let scored = Scored::new(input, forecast);
    if scored.dyads.is_empty() {
        return None;
    }
    let mut chances = vec![(SIMULATION, NOTHING_FITTED.to_string(), scored.simulated())];
    chances.extend(
        Variables::ALL.into_iter().map(|(variables, name)| (name, variables.fitted(), scored.fitted_elsewhere(variables))),
    );
    let eras = eras(&scored.years).into_iter().map(|(era, inside)| {
        let by_year = ByYear::new(&scored, &inside);
        let named = |what: &str| format!("hindcast {} {era} {what}", forecast.name());
        let scores = chances.iter().map(|(name, fitted, chances)| by_year.score(name, fitted, chances, input.seed, &named));
        let scores = scores.collect();
        let additions = Variables::BASELINES.into_iter().map(|(alone, with)| Addition {
            baseline: Variables::ALL[alone].1.to_string(),
            coefficient: scored.coefficient(Variables::ALL[with].0, &inside, input.seed, &named("coefficient")),
            gain: by_year.gain(&chances[alone + 1].2, &chances[with + 1].2, input.seed, &named("gain")),
        });
        EraScores {
            era: era.to_string(),
            start_years: inside.iter().map(|year| scored.years[*year]).collect(),
            years_with_events: by_year.rows.iter().filter(|rows| rows.iter().any(|row| scored.came[*row])).count() as u64,
            dyads: by_year.rows.iter().map(|rows| rows.len() as u64).sum::<u64>(),
            events: by_year.events().fold(0.0, |sum, n| sum + n) as u64,
            additions: additions.collect(),
            scores,
        }
    });
    let eras = eras.collect();
    Some(OutcomeScores { forecast, label: forecast.label().to_string(), eras })
}

/// The rows of some years.
struct ByYear<'a> {
    came: &'a [bool],
    /// Positions of the rows of each year.
    rows: Vec<Vec<usize>>,
}

/// −ln of the chance that a forecast gave to what came.
fn surprise(chance: f64, came: bool) -> f64 {
    -ln(if came { chance } else { 1.0 - chance }.max(1e-300))
}

impl<'a> ByYear<'a> {
    fn new(scored: &'a Scored<'_>, inside: &[usize]) -> Self {
        let of = |year: &usize| (0..scored.dyads.len()).filter(|row| scored.group[*row] == *year).collect();
        Self { came: &scored.came, rows: inside.iter().map(of).collect() }
    }

    /// Events of each year.
    fn events(&self) -> impl Iterator<Item = f64> + '_ {
        self.rows.iter().map(|rows| rows.iter().filter(|row| self.came[**row]).count() as f64)
    }

    /// Chances of a year with what came; empty where the forecast has none.
    fn year(&self, rows: &[usize], chances: &[Option<f64>]) -> Vec<(f64, bool)> {
        rows.iter().filter_map(|row| Some((chances[*row]?, self.came[*row]))).collect()
    }

    fn score(
        &self,
        name: &str,
        fitted: &str,
        chances: &[Option<f64>],
        seed: u64,
        named: &dyn Fn(&str) -> String,
    ) -> ForecastScore {
        let years: Vec<Vec<(f64, bool)>> = self.rows.iter().map(|rows| self.year(rows, chances)).collect();
        let rankings: Vec<Option<Ranking>> = years.iter().map(|rows| Ranking::of(rows)).collect();
        let sum = |of: &dyn Fn(f64, bool) -> f64| -> Vec<(f64, f64)> {
            let total = |rows: &Vec<(f64, bool)>| rows.iter().map(|(p, came)| of(*p, *came)).fold(0.0, |sum, x| sum + x);
            years.iter().map(|rows| (total(rows), rows.len() as f64)).collect()
        };
        let squared = sum(&|p, came| (p - f64::from(u8::from(came))).powi(2));
        let surprises = sum(&surprise);
        let expected: Vec<(f64, f64)> = sum(&|p, _| p);
        let events = sum(&|_, came| f64::from(u8::from(came)));
        // Years without an event count in the sum that is expected: they are in the numerator with a denominator of next to nothing.
        let ratio = expected.iter().zip(&events).filter(|(expected, _)| expected.1 > 0.0);
        let ratio = ratio.map(|(expected, events)| (expected.0, events.0.max(1e-12))).collect();
        let mean_curve = |of: fn(&Ranking) -> &Vec<f64>| -> Vec<f64> {
            let curves: Vec<&Vec<f64>> = rankings.iter().flatten().map(of).collect();
            let at = |point: usize| curves.iter().map(|curve| curve[point]).fold(0.0, |sum, x| sum + x) / curves.len() as f64;
            if curves.is_empty() { Vec::new() } else { (0..POINTS).map(at).collect() }
        };
        ForecastScore {
            forecast: name.to_string(),
            fitted: fitted.to_string(),
            auc: OverYears::mean(rankings.iter().map(|ranking| Some(ranking.as_ref()?.area))).estimate(seed, &named("auc")),
            average_precision: OverYears::mean(rankings.iter().map(|ranking| Some(ranking.as_ref()?.average_precision)))
                .estimate(seed, &named("average precision")),
            brier: OverYears::new(squared).estimate(seed, &named("brier")),
            log_score: OverYears::new(surprises).estimate(seed, &named("log score")),
            expected_over_observed: OverYears::new(ratio).estimate(seed, &named("expected over observed")),
            hits: mean_curve(|ranking| &ranking.hits),
            precision: mean_curve(|ranking| &ranking.precision),
            calibration: bins(&years, seed, named),
        }
    }

    /// Log score that a forecast gains over another, in nats for each event that came.
    fn gain(&self, without: &[Option<f64>], with: &[Option<f64>], seed: u64, name: &str) -> Estimate {
        let mut parts = Vec::new();
        for rows in &self.rows {
            let (mut gain, mut events, mut any) = (0.0, 0.0, false);
            for row in rows {
                let (Some(without), Some(with)) = (without[*row], with[*row]) else { continue };
                any = true;
                let came = self.came[*row];
                gain += surprise(without, came) - surprise(with, came);
                events += f64::from(u8::from(came));
            }
            if any {
                parts.push((gain, f64::max(events, 1e-12)));
            }
        }
        if parts.is_empty() { Estimate::none(0, METHOD) } else { OverYears::new(parts).estimate(seed, name) }
    }
}

/// Chances in ranges, each with the share that came; ranges without a dyad are left out.
fn bins(years: &[Vec<(f64, bool)>], seed: u64, named: &dyn Fn(&str) -> String) -> Vec<CalibrationBin> {
    let ranges = EDGES.windows(2).map(|edges| (edges[0], edges[1]));
    let bin = |(from, below): (f64, f64)| {
        let inside = |p: f64| p >= from && (p < below || below >= 1.0);
        let parts: Vec<(f64, f64, f64)> = years
            .iter()
            .map(|rows| {
                let own = rows.iter().filter(|(p, _)| inside(*p));
                own.fold((0.0, 0.0, 0.0), |sum, (p, came)| (sum.0 + p, sum.1 + f64::from(u8::from(*came)), sum.2 + 1.0))
            })
            .collect();
        let (chance, dyads) = parts.iter().fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.2));
        let came = OverYears::new(parts.iter().map(|part| (part.1, part.2)).collect());
        (dyads > 0.0).then(|| CalibrationBin {
            from,
            below,
            dyads: dyads as u64,
            chance: chance / dyads,
            came: came.estimate(seed, &named(&format!("calibration {from}"))),
        })
    };
    ranges.filter_map(bin).collect()
}

/// Rank correlations of growth, by era.
fn growth(input: &Input) -> Vec<GrowthScores> {
    let mut years: Vec<i32> = input.states.iter().map(|state| state.year).collect();
    years.sort_unstable();
    years.dedup();
    let of = |(era, inside): (&str, Vec<usize>)| {
        let rows = |year: i32| input.states.iter().filter(move |state| state.year == year);
        let correlation = |of: &dyn Fn(&StateRow) -> Option<f64>| {
            let each = inside.iter().map(|position| {
                let pairs: Vec<(f64, f64)> = rows(years[*position]).filter_map(|state| Some((of(state)?, state.came))).collect();
                rank_correlation(&pairs)
            });
            OverYears::mean(each.collect::<Vec<_>>())
        };
        let named = |what: &str| format!("hindcast growth {era} {what}");
        GrowthScores {
            era: era.to_string(),
            states: inside.iter().map(|position| rows(years[*position]).count() as u64).sum::<u64>(),
            simulated: correlation(&|state| Some(state.simulated)).estimate(input.seed, &named("simulated")),
            before: correlation(&|state| state.before).estimate(input.seed, &named("before")),
        }
    };
    if years.is_empty() { Vec::new() } else { eras(&years).into_iter().map(of).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::{DyadRow, Known};
    use super::*;
    use crate::paired::Resampling;

    const HISTORIES: u32 = 400;
    /// Share that is added to every chance.
    const USUAL: f64 = 0.5;

    /// Uniform numbers below 1, by name.
    fn uniforms(name: &str, n: usize) -> Vec<f64> {
        let mut found = Vec::new();
        Resampling::new(7, name).positions(0, 1 << 20, |position| {
            if found.len() < n {
                found.push((position as f64 + 0.5) / f64::from(1 << 20));
            }
        });
        found
    }

    /// A made record: dyads with a true chance; the simulation knows it, or knows nothing.
    fn made(knows: bool) -> Input {
        let (years, pairs) = (24, 300);
        let all = years * pairs;
        let (hidden, luck, noise) = (uniforms("hidden", all), uniforms("luck", all), uniforms("noise", all));
        let mut input = Input { histories: HISTORIES, horizon: 5, seed: 1, ..Input::default() };
        for year in 0..years {
            for pair in 0..pairs {
                let at = year * pairs + pair;
                let land = pair % 10 == 0;
                // What a baseline can know, and what only the simulation knows.
                let odds = if land { 0.25 } else { 0.03 } * if hidden[at] < 0.2 { 5.0 } else { 0.6 };
                let p = odds / (1.0 + odds);
                let shown = if knows { p } else { 0.3 * noise[at] };
                input.dyads.push(DyadRow {
                    year: 1850 + 5 * i32::try_from(year).expect("few years"),
                    states: (1 + pair as u16, 1000 + pair as u16),
                    known: Known {
                        contiguity: u8::from(land),
                        great_powers: u8::from(pair % 7 == 0),
                        capability_ratio: 0.5,
                        allied: false,
                        distance_km: 1000.0,
                        disputes: 0,
                    },
                    simulated: [(shown * f64::from(HISTORIES)).round() as u32, 0, 0],
                    histories: HISTORIES,
                    usual: [USUAL; 3],
                    came: [Some(luck[at] < p), None, None],
                });
            }
        }
        input
    }

    fn of<'a>(found: &'a Hindcast, era: usize, name: &str) -> &'a ForecastScore {
        let scores = &found.outcomes[0].eras[era].scores;
        scores.iter().find(|score| score.forecast == name).unwrap_or_else(|| panic!("no {name}"))
    }

    fn simulated(with: u32) -> f64 {
        super::super::simulated_chance(with, HISTORIES, USUAL)
    }

    #[test]
    fn a_simulation_that_is_the_truth_gets_the_scores_of_theory_and_adds_to_what_baselines_know() {
        let input = made(true);
        let found = score(&input);
        assert_eq!(found.outcomes.len(), 1, "nothing is said of force and war");
        let simulation = of(&found, 0, SIMULATION);
        let chances: Vec<f64> = input.dyads.iter().map(|dyad| simulated(dyad.simulated[0])).collect();
        let expected = super::super::area_of_known_chances(&chances[..3000]);
        let (lower, upper) = (simulation.auc.lower.unwrap_or(1.0), simulation.auc.upper.unwrap_or(0.0));
        assert!(lower < expected && expected < upper, "{:?}, theory {expected}", simulation.auc);
        let ratio = &simulation.expected_over_observed;
        assert!(ratio.lower < Some(1.0) && ratio.upper > Some(1.0), "calibrated in the whole: {ratio:?}");
        // Brier: Σ p(1 − p) is what somebody who knows every chance loses.
        let loss = input.dyads.iter().map(|dyad| simulated(dyad.simulated[0])).map(|p| p * (1.0 - p));
        let loss = loss.fold(0.0, |sum, x| sum + x) / input.dyads.len() as f64;
        assert!(simulation.brier.lower < Some(loss) && simulation.brier.upper > Some(loss), "{:?}, {loss}", simulation.brier);
        let baseline = of(&found, 0, "contiguity and great powers");
        assert!(simulation.auc.estimate > baseline.auc.estimate && simulation.log_score.estimate < baseline.log_score.estimate);
        for addition in &found.outcomes[0].eras[0].additions {
            assert!(addition.gain.lower > Some(0.0), "{addition:?}");
            let coefficient = &addition.coefficient;
            assert!(
                coefficient.lower > Some(0.5) && coefficient.lower < Some(1.0) && coefficient.upper > Some(1.0),
                "{addition:?}"
            );
        }
        for bin in simulation.calibration.iter().filter(|bin| bin.dyads >= 500) {
            assert!(bin.came.lower <= Some(1.15 * bin.chance) && bin.came.upper >= Some(0.85 * bin.chance), "{bin:?}");
        }
    }

    #[test]
    fn a_simulation_that_is_noise_has_no_skill_and_adds_nothing() {
        let found = score(&made(false));
        let simulation = of(&found, 0, SIMULATION);
        assert!(simulation.auc.lower < Some(0.5) && simulation.auc.upper > Some(0.5), "{:?}", simulation.auc);
        for addition in &found.outcomes[0].eras[0].additions {
            let (lower, estimate) = (addition.gain.lower.expect("an interval"), addition.gain.estimate.expect("a gain"));
            assert!(lower < 0.0 && estimate < 0.01, "{addition:?}");
            assert!(addition.coefficient.lower < Some(0.0) && addition.coefficient.upper > Some(0.0), "{addition:?}");
        }
        let share = of(&found, 0, "the share of dyads alone");
        let close = |value: Option<f64>, wanted: f64| value.is_some_and(|value| (value - wanted).abs() < 1e-9);
        assert!(close(share.auc.estimate, 0.5), "all dyads of a year alike: {:?}", share.auc);
    }

    /// A year is fitted on others only: what is true of it alone cannot help it.
    #[test]
    fn nothing_is_fitted_on_the_year_that_is_scored() {
        let mut input = made(true);
        let before = score(&input);
        // All that comes in one year is turned around: its own baseline must not move, that of others must.
        let scored = Scored::new(&input, Forecast::Crisis);
        let chances = scored.fitted_elsewhere(Variables::ALL[2].0);
        for dyad in input.dyads.iter_mut().filter(|dyad| dyad.year == 1900) {
            dyad.came[0] = dyad.came[0].map(|came| !came);
        }
        let turned = Scored::new(&input, Forecast::Crisis);
        let again = turned.fitted_elsewhere(Variables::ALL[2].0);
        let same = |year: i32| {
            let rows = (0..turned.dyads.len()).filter(|row| turned.dyads[*row].year == year);
            rows.clone().all(|row| match (chances[row], again[row]) {
                (Some(one), Some(other)) => (one - other).abs() < 1e-9,
                _ => false,
            })
        };
        assert!(same(1900) && !same(1905) && !same(1950));
        // With a horizon of ten years, the years beside it share years with it, and are left out too.
        let position = turned.dyads.iter().position(|dyad| dyad.year == 1900).unwrap_or(0);
        input.horizon = 10;
        let wide = Scored::new(&input, Forecast::Crisis).fitted_elsewhere(Variables::ALL[2].0);
        assert_ne!(wide[position], again[position]);
        assert_eq!(before.outcomes[0].eras.len(), 4, "all years and three eras: 1850 to 1965");
    }

    #[test]
    fn growth_is_ranked_within_years() {
        let mut input = Input { histories: 10, horizon: 5, seed: 1, ..Input::default() };
        for year in [1900, 1905, 1910, 1915, 1920] {
            for state in 0..12_u16 {
                let came = f64::from(state) + 100.0 * f64::from(year - 1900);
                input.states.push(StateRow {
                    year,
                    state,
                    simulated: 2.0 * f64::from(state),
                    came,
                    before: (state < 6).then_some(-came),
                });
            }
        }
        let found = growth(&input);
        assert_eq!(found[0].states, 60);
        assert_eq!((found[0].simulated.estimate, found[0].before.estimate), (Some(1.0), Some(-1.0)));
        assert_eq!(found.iter().map(|row| row.era.as_str()).collect::<Vec<_>>(), ["all years", "to 1913", "1914 to 1945"]);
    }
}
