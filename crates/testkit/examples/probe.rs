//! x
use spiral_model::*;
use spiral_testkit::ensembles::*;
use spiral_testkit::tiny;
fn main() {
    // name n [path=value|-mech|field:=value|grid path:v,v,v]...
    let args: Vec<String> = std::env::args().skip(1).collect();
    let n: u32 = args[1].parse().unwrap();
    let mut fw=false; let _ = &mut fw; let base: Setup = if args[0].starts_with("tiny:") {
        let c: Vec<&str> = args[0][5..].split(',').collect();
        let mut s = tiny::seekers(&c);
        s.ending = spiral_model::setup::Ending::FirstWar;
        s
    } else {
        scenario(&args[0], &[]).setup
    };
    let mut setups = vec![(String::new(), base)];
    for a in &args[2..] {
        if let Some(w) = a.strip_prefix('-') {
            for s in &mut setups {
                s.1.without.insert(w.to_string());
            }
            continue;
        }
        let (p, vs) = a.split_once('=').unwrap();
        let vals: Vec<f64> = vs.split(',').map(|v| v.parse().unwrap()).collect();
        let mut next = vec![];
        for (name, s) in &setups {
            for v in &vals {
                let mut t = s.clone();
                for f in p.split('+') {
                    if f.contains('.') { tiny::set(&mut t, f, *v) } else { tiny::set_all(&mut t, f, *v) }
                }
                next.push((if vals.len() > 1 { format!("{name} {p}={v}") } else { name.clone() }, t));
            }
        }
        setups = next;
    }
    for (name, s) in setups {
        let o = outcomes(&s, 1, n);
        let war = share_of(&o, |o| o.wars > 0);
        let mut d: Vec<f64> = o.iter().filter_map(|o| o.first_war_date).collect();
        d.sort_by(f64::total_cmp);
        let m = |m| motive_share(&o, m).estimate.unwrap_or(f64::NAN);
        print!(
            "{name}: war {:.3} med {:.1} pre {:.2} prev {:.2} pred {:.2} acc {:.2} crises {:.2} peak {:.4} growth {:.4} inert {:.3} |",
            war.estimate.unwrap_or(f64::NAN),
            d.get(d.len() / 2).copied().unwrap_or(f64::NAN),
            m(Motive::Preemption),
            m(Motive::Prevention),
            m(Motive::Predation),
            m(Motive::Accident),
            mean(&o, |o| f64::from(o.crises)),
            mean(&o, |o| o.peak_burden),
            mean(&o, |o| o.arms_growth),
            mean(&o, |o| f64::from(u8::from(o.inert)))
        );
        if s.states.len() < 6 {
            for (i, st) in s.states.iter().enumerate() {
                let a = o.iter().filter(|o| o.initiator as usize == i).count();
                let b = o.iter().filter(|o| o.target as usize == i).count();
                print!(" {} {a}/{b}", st.code);
            }
        }
        println!();
    }
}
