use spiral_model::*;
use spiral_scenario::*;
struct Obs {
    dates: Vec<f64>,
    sum: Vec<Vec<[f64; 3]>>,
    n: Vec<f64>,
    years: Vec<f64>,
}
impl<const W: usize> Observer<W> for Obs {
    fn wants(&self, _t: u32, d: f64) -> bool {
        self.years.iter().any(|y| (y - d).abs() < 1e-6)
    }
    fn tick(&mut self, s: &Snapshot<'_, W>) {
        let k = self.dates.iter().position(|d| *d == s.date).unwrap_or_else(|| {
            self.dates.push(s.date);
            self.sum.push(vec![[0.0; 3]; s.states.len()]);
            self.n.push(0.0);
            self.dates.len() - 1
        });
        for l in 0..W {
            if s.running[l] && s.at_peace[l] {
                self.n[k] += 1.0;
                for (i, st) in s.states.iter().enumerate() {
                    self.sum[k][i][0] += st[1][l];
                    self.sum[k][i][1] += st[4][l];
                    self.sum[k][i][2] += st[3][l] / st[0][l];
                }
            }
        }
    }
}
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let name = &args[0];
    let n: u32 = args[1].parse().unwrap();
    let mut ov = Overrides::default();
    let mut verbose = 0;
    for a in &args[2..] {
        if a.starts_with('-') {
            verbose = a[1..].parse().unwrap();
            continue;
        }
        if let Some(m) = a.strip_prefix('!') {
            ov.without.push(m.into());
            continue;
        }
        let (k, v) = a.split_once('=').unwrap();
        ov.set.push((k.into(), v.into()));
    }
    let sc = match load(name, &ov) {
        Ok(s) => s,
        Err(e) => {
            println!("{e}");
            return;
        }
    };
    for s in sc {
        let set = &s.setup;
        let code = |i: u16| if i == u16::MAX { "-" } else { set.states[i as usize].code.as_str() };
        let mut sim = Simulation::<16>::new(set);
        let h = set.horizon;
        let mut obs = Obs {
            dates: vec![],
            sum: vec![],
            n: vec![],
            years: (0..=8).map(|k| (h.start + (h.end - h.start) * k as f64 / 8.0).round()).collect(),
        };
        if h.start == 1890.0 {
            obs.years = vec![1891., 1896., 1901., 1906., 1909., 1911., 1912., 1913., 1914.];
        }
        if h.start == 1930.0 {
            obs.years = vec![1931., 1932., 1934., 1935., 1936., 1937., 1938., 1939., 1940.];
        }
        let (mut o, mut e) = (vec![], vec![]);
        let t = std::time::Instant::now();
        let mut b = 0;
        while b < n {
            let (x, y) = sim.run(1, b, verbose > 0, &mut obs);
            o.extend(x);
            e.extend(y);
            b += 16;
        }
        let el = t.elapsed().as_secs_f64();
        let m = o.len() as f64;
        let sh = |f: &dyn Fn(&Outcome) -> bool| o.iter().filter(|x| f(x)).count() as f64 / m;
        let mut gw: Vec<f64> = o.iter().filter_map(|x| x.general_war_date).collect();
        gw.sort_by(f64::total_cmp);
        let mut fw: Vec<f64> = o.iter().filter_map(|x| x.first_war_date).collect();
        fw.sort_by(f64::total_cmp);
        let med = |v: &Vec<f64>| if v.is_empty() { f64::NAN } else { v[v.len() / 2] };
        let mut mot = [0; 4];
        for x in &o {
            if let Some(m) = x.motive {
                mot[m as usize] += 1;
            }
        }
        let fwn = fw.len().max(1) as f64;
        let gps = o.iter().filter(|x| x.wars > 0).map(|x| x.great_powers_30d as f64).sum::<f64>() / fwn;
        let cr =
            o.iter().map(|x| x.great_power_crises as f64).sum::<f64>() / o.iter().map(|x| x.great_power_dyad_years).sum::<f64>();
        println!(
            "{}: {} dyads; war {:.2} (median {:.1}) general {:.2} (median {:.1}; q10 {:.1} q90 {:.1}) motives {:?} gp30 {:.2} crises {:.1} gp crisis rate {:.3} wars {:.2} inert {:.2} fail {} arms growth {:.4} spiral {:.4} peak {:.3} entrap {:.2} aband {:.2} | {:.0} us/h",
            s.name,
            set.dyads.len(),
            sh(&|x| x.wars > 0),
            med(&fw),
            sh(&|x| x.general_war_date.is_some()),
            med(&gw),
            gw.get(gw.len() / 10).unwrap_or(&0.0),
            gw.get(gw.len() * 9 / 10).unwrap_or(&0.0),
            mot,
            gps,
            o.iter().map(|x| x.crises as f64).sum::<f64>() / m,
            cr,
            o.iter().map(|x| x.wars as f64).sum::<f64>() / m,
            sh(&|x| x.inert),
            o.iter().filter(|x| x.failure.is_some()).count(),
            o.iter().map(|x| x.arms_growth).sum::<f64>() / m,
            o.iter().map(|x| x.spiral_rate).sum::<f64>() / m,
            o.iter().map(|x| x.peak_burden).sum::<f64>() / m,
            o.iter().map(|x| x.entrapments as f64).sum::<f64>() / m,
            o.iter().map(|x| x.abandonments as f64).sum::<f64>() / m,
            el * 1e6 / m
        );
        let mut pairs = std::collections::BTreeMap::new();
        for x in &o {
            if x.wars > 0 {
                *pairs.entry(format!("{}>{}", code(x.initiator), code(x.target))).or_insert(0) += 1;
            }
        }
        let mut p: Vec<_> = pairs.into_iter().collect();
        p.sort_by_key(|x| -x.1);
        p.truncate(9);
        println!("  pairs {p:?}");
        if set.states.len() <= 12 {
            println!("  burden%  {}", obs.dates.iter().map(|d| format!("{d:7.0}")).collect::<String>());
            for (i, st) in set.states.iter().enumerate() {
                println!(
                    "  {}      {}   mistrust {}",
                    st.code,
                    (0..obs.dates.len()).map(|k| format!("{:7.2}", 100.0 * obs.sum[k][i][0] / obs.n[k])).collect::<String>(),
                    (0..obs.dates.len()).step_by(2).map(|k| format!("{:6.2}", obs.sum[k][i][1] / obs.n[k])).collect::<String>()
                );
            }
            println!("  n {:?}", obs.n);
        }
        if verbose > 0 {
            let mut acc: std::collections::BTreeMap<String, (f64, f64, f64, f64)> = Default::default();
            for e in &e {
                if matches!(e.kind, EventKind::Crisis | EventKind::FalseAlarm) && e.date > h.end - 9.0 && e.date < h.end - 4.0 {
                    let a = acc.entry(format!("{}>{}", code(e.actor), code(e.target))).or_default();
                    a.0 += 1.0;
                    a.1 += e.fear;
                    a.2 += e.first_strike_win;
                    a.3 += e.strike_advantage;
                }
            }
            for (k, a) in acc {
                print!("{k}: n {} pi {:.3} pF {:.2} adv {:.2} | ", a.0, a.1 / a.0, a.2 / a.0, a.3 / a.0);
            }
            println!();
        }
        if verbose > 1 {
            let mut shown = 0;
            let mut lasth = u32::MAX;
            for h in 0..n {
                let hist: Vec<_> = e.iter().filter(|e| e.history == h).collect();
                let Some(st) = hist.iter().find(|e| e.kind == EventKind::Strike) else { continue };
                if shown >= verbose {
                    break;
                }
                shown += 1;
                let _ = lasth;
                lasth = h;
                for e in hist.iter().filter(|e| e.crisis == st.crisis) {
                    println!(
                        "   h{} {:.3} d{:<3} {:12} {} > {}  pi/alone {:.3} pF/helped {:.3} adv/worth {:.3} {:?}",
                        e.history,
                        e.date,
                        e.day,
                        e.kind.name(),
                        code(e.actor),
                        code(e.target),
                        e.fear,
                        e.first_strike_win,
                        e.strike_advantage,
                        e.motive
                    );
                }
            }
        }
    }
}
