//! Pairs, the pledges of one state to another, and how they change.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::members::Member;
use super::super::projection;
use super::super::rules::{self, Judged};
use super::{Pledge, World, judgement, number};

use crate::world::distance::great_circle_km;

/// A contact within these shares of that in `defaults` is not repeated: there are many thousand pairs far apart.
const NEAR_ENOUGH: (f64, f64) = (0.6, 1.6);

/// A change of a pair: the pledges in the two directions before and after.
type Change<'a> = (&'a Member, &'a Member, [Option<Pledge>; 2], [Option<Pledge>; 2]);

impl World<'_> {
    fn each_pair(&self) -> impl Iterator<Item = (&Member, &Member)> {
        let members = self.members;
        members.iter().enumerate().flat_map(move |(position, one)| members[position + 1..].iter().map(move |other| (one, other)))
    }

    pub(super) fn pairs(&self, text: &mut String) -> std::fmt::Result {
        let (mut lines, mut one_way) = (String::new(), String::new());
        let year = self.request.year;
        let largest = self.members.iter().filter(|member| member.great).map(|member| member.output.value).fold(0.0, f64::max);
        for (one, other) in self.each_pair() {
            let mut own = String::new();
            let contiguous = self.contiguity.of(one.number, other.number);
            let apart = great_circle_km(one.place, other.place);
            let great_powers = [one, other].iter().filter(|member| member.great).count();
            let (contact, quarrels) = rules::quarrels(contiguous, apart, great_powers);
            if let Some(kind) = contiguous {
                let (_, terrain) = rules::border(kind);
                writeln!(own, "            contact:    {}, // type {kind}", judgement(&contact))?;
                writeln!(own, "            terrain:    {},", judgement(&terrain))?;
            } else if !(NEAR_ENOUGH.0..=NEAR_ENOUGH.1).contains(&(contact.value / rules::CONTACT_FAR_AWAY.value)) {
                writeln!(own, "            contact:    {},", judgement(&contact))?;
            }
            if let Some(near) = self.distance(one, other, apart, contiguous, largest) {
                writeln!(own, "            distance:   {}, // {} km between capitals", judgement(&near), number(apart))?;
            }
            let (forth, back) = (self.pledge(one.number, other.number, year), self.pledge(other.number, one.number, year));
            let strongest = forth.max(back);
            if strongest.is_some() && forth == back {
                writeln!(own, "            commitment: {},", judgement(&rules::commitment(forth)))?;
            }
            let rivalry = rules::rivalry(strongest, quarrels);
            if (rivalry.value - 1.0).abs() > 1e-9 {
                writeln!(own, "            rivalry:    {},", judgement(&rivalry))?;
            }
            if let Some(hostility) = self.left_by_disputes(one.number, other.number) {
                writeln!(own, "            hostility:  {},", judgement(&hostility))?;
            }
            if forth != back {
                for (from, to, pledge) in [(one, other, forth), (other, one, back)] {
                    let commitment = judgement(&rules::commitment(pledge));
                    writeln!(one_way, "        \"{}-{}\": (commitment: {commitment}),", from.seat.code, to.seat.code)?;
                }
            }
            if !own.is_empty() {
                write!(lines, "        \"{}-{}\": (\n{own}        ),\n", one.seat.code, other.seat.code)?;
            }
        }
        if lines.is_empty() && one_way.is_empty() {
            return writeln!(text, "\n    // No two of these states are contiguous or pledged to each other in {year}.");
        }
        if !lines.is_empty() {
            write!(text, "\n    pairs: {{\n{lines}    }},\n")?;
        }
        if !one_way.is_empty() {
            write!(text, "\n    // Pledges that are not the same in both directions.\n    dyads: {{\n{one_way}    }},\n")?;
        }
        Ok(())
    }

    /// Hostility that the disputes of the years before have left between two states.
    fn left_by_disputes(&self, one: u16, other: u16) -> Option<Judged> {
        let disputes = self.extras.disputes.as_ref()?;
        let (start, _) = self.years();
        let past = disputes.of(one, other, start - rules::YEARS_REMEMBERED, start - 1);
        // How far a dispute of the last known year went may be known only later.
        let known = |year: i32| self.request.as_of.is_none_or(|last| year < last);
        rules::hostility(past.map(|onset| (start - onset.year, onset.level.filter(|_| known(onset.year)))))
    }

    /// The distance of a pair, where it is not that of the capitals: neighbours meet at their border, great powers carry force far.
    fn distance(&self, one: &Member, other: &Member, apart: f64, contiguous: Option<u8>, largest: f64) -> Option<Judged> {
        let limit = rules::BORDER_DISTANCE_KM;
        let border = (contiguous.is_some() && apart > limit).then(|| Judged {
            value: limit,
            range: (limit / 2.0, apart.max(limit * 1.01)),
            why: "forces meet at the border, not at the capitals",
        });
        let factor = [one, other].into_iter().filter(|member| member.great && largest > 0.0);
        let factor =
            factor.map(|member| projection::factor(self.request.year, member.output.value / largest)).fold(1.0, f64::max);
        // Armies of land neighbours meet at the border, whatever ships and aircraft could do.
        let by_land = contiguous == Some(1);
        let carried = if by_land { None } else { projection::distance(apart, factor, self.request.year) };
        border.into_iter().chain(carried).min_by(|one, other| one.value.total_cmp(&other.value))
    }

    pub(super) fn timeline(&self, text: &mut String) -> std::fmt::Result {
        let Some(alliances) = &self.alliances else { return Ok(()) };
        let (start, end) = self.years();
        let mut by_year: BTreeMap<i32, Vec<Change<'_>>> = BTreeMap::new();
        for (one, other) in self.each_pair() {
            let held = |year: i32| [self.pledge(one.number, other.number, year), self.pledge(other.number, one.number, year)];
            for year in start + 1..end {
                let (before, now) = (held(year - 1), held(year));
                if before != now {
                    by_year.entry(year).or_default().push((one, other, before, now));
                }
            }
        }
        if by_year.is_empty() {
            return Ok(());
        }
        writeln!(text)?;
        writeln!(
            text,
            "    // Pledges as they change from one year to the next. The file gives years only: each date is 1 January."
        )?;
        writeln!(text, "    timeline: [")?;
        for (year, changes) in by_year {
            let what: Vec<String> = changes.iter().map(|(one, other, _, now)| told(one, other, *now)).collect();
            writeln!(text, "        (date: {year}, what: \"Pledges: {}\", source: {:?},", what.join(", "), alliances.form)?;
            writeln!(text, "            set: {{")?;
            for (one, other, before, now) in &changes {
                let (one_code, other_code) = (one.seat.code, other.seat.code);
                for (from, to, was, is) in [(one_code, other_code, before[0], now[0]), (other_code, one_code, before[1], now[1])]
                {
                    if was != is {
                        let commitment = judgement(&rules::commitment(is));
                        writeln!(text, "                \"dyads.{from}-{to}.commitment\": {commitment},")?;
                    }
                }
                if before[0].max(before[1]) != now[0].max(now[1]) {
                    let apart = great_circle_km(one.place, other.place);
                    let great_powers = [one, other].iter().filter(|member| member.great).count();
                    let (_, quarrels) = rules::quarrels(self.contiguity.of(one.number, other.number), apart, great_powers);
                    let rivalry = judgement(&rules::rivalry(now[0].max(now[1]), quarrels));
                    writeln!(text, "                \"pairs.{one_code}-{other_code}.rivalry\":    {rivalry},")?;
                }
            }
            writeln!(text, "            }}),")?;
        }
        writeln!(text, "    ],")
    }
}

/// A change of pledges in words.
fn told(one: &Member, other: &Member, [forth, back]: [Option<Pledge>; 2]) -> String {
    let (one, other) = (one.seat.code, other.seat.code);
    if forth == back {
        return format!("{one}-{other} {}", rules::called(forth));
    }
    format!("{one} to {other} {}, {other} to {one} {}", rules::called(forth), rules::called(back))
}
