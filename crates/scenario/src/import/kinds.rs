//! The data files that are known, each recognised by its columns, whatever their order. Several names of a column are names that the
//! projects, their releases and the R package `peacesciencer` give it.

/// What a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Resources of states.
    Capabilities,
    /// Who borders whom.
    Contiguity,
    /// Who has promised what to whom.
    Alliances,
    /// Where capitals lie.
    Capitals,
    /// Output.
    Output,
    /// Militarised disputes.
    Disputes,
    /// Wars.
    Wars,
    /// When states entered and left the system of states.
    Membership,
    /// Known, and of no use here.
    None,
}

impl Role {
    /// The option that takes such a file.
    pub(crate) const fn option(self) -> &'static str {
        match self {
            Self::Capabilities => "--nmc",
            Self::Contiguity => "--contiguity",
            Self::Alliances => "--alliances",
            Self::Capitals => "--capitals",
            Self::Output => "--gdp",
            Self::Disputes => "--disputes",
            Self::Wars => "--wars",
            Self::Membership => "--system",
            Self::None => "no option",
        }
    }
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Kind {
    /// What it is, for messages.
    pub(crate) name: &'static str,
    /// What it tells.
    pub(crate) role: Role,
    /// Columns that it must have: all names of each, the first being the usual one.
    pub(crate) columns: &'static [&'static [&'static str]],
    /// Columns that it may have.
    pub(crate) optional: &'static [&'static [&'static str]],
    /// What to do instead, where the file is of no use.
    pub(crate) instead: &'static str,
}

const fn kind(
    name: &'static str,
    role: Role,
    columns: &'static [&'static [&'static str]],
    optional: &'static [&'static [&'static str]],
) -> Kind {
    Kind { name, role, columns, optional, instead: "" }
}

const STATE: &[&str] = &["ccode", "cowcode", "cow_code", "cown", "stateno", "gwcode", "gwno", "stateabb", "state", "member"];
const FIRST: &[&str] =
    &["ccode1", "state1no", "statelno", "statea", "mem1", "cowcode1", "gwcode1", "gwno1", "gwno_a", "ccodea", "state_a"];
const SECOND: &[&str] =
    &["ccode2", "state2no", "statehno", "stateb", "mem2", "cowcode2", "gwcode2", "gwno2", "gwno_b", "ccodeb", "state_b"];
const YEAR: &[&str] = &["year"];
const DEFENCE: &[&str] = &["defense", "atop_defense", "cow_defense", "defence"];
const COW_NEUTRALITY: &[&str] = &["neutrality", "cow_neutral", "cow_neutrality"];
const COW_NONAGGRESSION: &[&str] = &["nonaggression", "cow_nonagg", "cow_nonaggression"];
const ENTENTE: &[&str] = &["entente", "cow_entente"];
const ATOP_NEUTRALITY: &[&str] = &["neutral", "atop_neutral"];
const ATOP_NONAGGRESSION: &[&str] = &["nonagg", "atop_nonagg"];
const CONSULTATION: &[&str] = &["consul", "atop_consul", "consult"];
const OFFENCE: &[&str] = &["offense", "atop_offense", "offence"];
const CONTIGUITY: &[&str] = &["conttype", "contiguity", "contig", "cont_type"];
const DISPUTE: &[&str] = &["disno", "dispnum", "dispnum3", "dispnum4", "disnum"];
const BEGINS: &[&str] = &["styear", "strtyr", "year", "startyear"];
const ENDS: &[&str] = &["endyear", "endyr"];
const HOSTILITY: &[&str] = &["hihost", "hostlev", "fatal_host", "hihosta", "hostlev1"];
/// Highest level of the first and of the second state of a dyad.
const HOSTILITY_FIRST: &[&str] = &["hostlev1", "hihosta"];
const HOSTILITY_SECOND: &[&str] = &["hostlev2", "hihostb"];

/// National Material Capabilities, any release.
pub(crate) const CAPABILITIES: Kind = kind(
    "National Material Capabilities",
    Role::Capabilities,
    &[STATE, YEAR, &["milex"], &["pec"], &["tpop"]],
    &[&["milper"], &["cinc"], &["version"]],
);
/// Contiguity by dyad and year, directed or not.
pub(crate) const CONTIGUITY_BY_YEAR: Kind =
    kind("Direct Contiguity by dyad-year", Role::Contiguity, &[FIRST, SECOND, CONTIGUITY, YEAR], &[]);
/// Contiguity by spell.
pub(crate) const CONTIGUITY_BY_SPELL: Kind = kind(
    "Direct Contiguity by spell",
    Role::Contiguity,
    &[
        FIRST,
        SECOND,
        CONTIGUITY,
        &["begin", "stdate", "start", "start_date", "begin_date", "styear", "begin_year"],
        &["end", "enddate", "end_date", "endyear", "end_year"],
    ],
    &[],
);
/// ATOP by dyad and year, directed or not.
pub(crate) const ATOP_BY_YEAR: Kind = kind(
    "ATOP alliances by dyad-year",
    Role::Alliances,
    &[FIRST, SECOND, YEAR, DEFENCE, ATOP_NEUTRALITY, ATOP_NONAGGRESSION, CONSULTATION],
    &[OFFENCE],
);
/// ATOP by member of an alliance.
pub(crate) const ATOP_BY_MEMBER: Kind = kind(
    "ATOP alliances by member",
    Role::Alliances,
    &[
        &["atopid"],
        &["member", "ccode", "state"],
        &["yrent"],
        &["yrexit"],
        DEFENCE,
        ATOP_NEUTRALITY,
        ATOP_NONAGGRESSION,
        CONSULTATION,
    ],
    &[OFFENCE],
);
/// COW alliances by dyad and year, directed or not.
pub(crate) const COW_BY_YEAR: Kind = kind(
    "COW Formal Alliances by dyad-year",
    Role::Alliances,
    &[FIRST, SECOND, YEAR, DEFENCE, COW_NEUTRALITY, COW_NONAGGRESSION, ENTENTE],
    &[],
);
/// COW alliances by dyad, with first and last year.
pub(crate) const COW_BY_SPELL: Kind = kind(
    "COW Formal Alliances by dyad",
    Role::Alliances,
    &[FIRST, SECOND, &["dyad_st_year"], &["dyad_end_year"], DEFENCE, COW_NEUTRALITY, COW_NONAGGRESSION, ENTENTE],
    &[],
);
const ALLIANCE: &[&str] = &["version4id", "version3id", "alliance", "alliance_id", "allianceid"];
/// COW alliances by member and year.
pub(crate) const COW_BY_MEMBER_YEAR: Kind = kind(
    "COW Formal Alliances by member and year",
    Role::Alliances,
    &[ALLIANCE, STATE, YEAR, DEFENCE, COW_NEUTRALITY, COW_NONAGGRESSION, ENTENTE],
    &[],
);
/// COW alliances by member, with first and last year.
pub(crate) const COW_BY_MEMBER: Kind = kind(
    "COW Formal Alliances by member",
    Role::Alliances,
    &[ALLIANCE, STATE, &["mem_st_year"], &["mem_end_year"], DEFENCE, COW_NEUTRALITY, COW_NONAGGRESSION, ENTENTE],
    &[],
);
/// Capitals by state and, where they moved, by date.
pub(crate) const CAPITALS: Kind = kind(
    "Capitals",
    Role::Capitals,
    &[STATE, &["lat", "latitude", "caplat"], &["lon", "lng", "long", "longitude", "caplong", "caplng"]],
    &[
        &["stdate", "styear", "from", "start", "year"],
        &["enddate", "endyear", "until", "end"],
        &["capital", "city", "capname", "cap"],
    ],
);
const OUTPUT_STATE: &[&str] =
    &["countrycode", "ccode", "cowcode", "gwcode", "gwno", "iso3", "iso3c", "iso", "country", "statenme", "stateabb", "code"];
/// Output a head by state and year, as the Maddison Project gives it.
pub(crate) const OUTPUT: Kind = kind(
    "Output a head by state and year",
    Role::Output,
    &[OUTPUT_STATE, YEAR, &["gdppc", "rgdppc", "cgdppc", "rgdpnapc", "gdp_pc", "gdp_per_capita", "gdpcap", "mad_gdppc"]],
    &[&["pop", "population", "mad_pop"]],
);
/// Militarised disputes by dyad.
pub(crate) const DISPUTES_BY_DYAD: Kind = kind(
    "Militarised disputes by dyad",
    Role::Disputes,
    &[DISPUTE, FIRST, SECOND, BEGINS],
    &[ENDS, HOSTILITY, HOSTILITY_FIRST, HOSTILITY_SECOND],
);
/// Militarised disputes by participant.
pub(crate) const DISPUTES_BY_STATE: Kind = kind(
    "Militarised disputes by participant",
    Role::Disputes,
    &[DISPUTE, STATE, &["styear", "styear1"], &["sidea"]],
    &[ENDS, HOSTILITY],
);
/// Wars by participant.
pub(crate) const WARS: Kind = kind(
    "Wars by participant",
    Role::Wars,
    &[&["warnum", "war_num", "warno"], STATE, &["startyear1", "styear", "startyear"], &["endyear1", "endyear", "endyear_1"]],
    &[&["startyear2"], &["endyear2"], &["side"], &["warname"]],
);
/// Members of the system of states.
pub(crate) const MEMBERSHIP: Kind = kind(
    "Members of the state system",
    Role::Membership,
    &[STATE, &["statenme", "statename", "country"], &["styear", "startyear", "begin"], &["endyear", "end"]],
    &[&["stmonth"], &["endmonth"]],
);

/// Every kind, the more particular before the more general.
pub(crate) const KINDS: &[Kind] = &[
    CAPABILITIES,
    ATOP_BY_YEAR,
    ATOP_BY_MEMBER,
    COW_BY_YEAR,
    COW_BY_SPELL,
    COW_BY_MEMBER,
    COW_BY_MEMBER_YEAR,
    DISPUTES_BY_DYAD,
    DISPUTES_BY_STATE,
    CONTIGUITY_BY_YEAR,
    CONTIGUITY_BY_SPELL,
    OUTPUT,
    WARS,
    CAPITALS,
    MEMBERSHIP,
    Kind {
        name: "ATOP alliances, one row an alliance",
        role: Role::None,
        columns: &[&["atopid"], &["begyr"]],
        optional: &[],
        instead: "give the file by directed dyad-year (atop5_1ddyr.csv) or by dyad-year (atop5_1dy.csv), which ATOP offers beside it",
    },
    Kind {
        name: "alliances, one row a state and year",
        role: Role::None,
        columns: &[STATE, YEAR, DEFENCE],
        optional: &[],
        instead: "it does not say with whom a state is allied: give the file by dyad-year or by member, which the project offers beside it",
    },
    Kind {
        name: "Militarised disputes, one row a dispute",
        role: Role::None,
        columns: &[DISPUTE, &["styear", "strtyr"]],
        optional: &[],
        instead: "it does not say who took part: give the file of participants (MIDB) or the dyadic one",
    },
    Kind {
        name: "Great powers",
        role: Role::None,
        columns: &[STATE, &["styear"], &["endyear"]],
        optional: &[],
        instead: "the program knows the list of great powers; leave the file out",
    },
];

/// Whether a header has every column of a kind.
pub(crate) fn fits(kind: &Kind, names: &[String]) -> bool {
    kind.columns.iter().all(|column| position(names, column).is_some())
}

/// Where a header has a column, by any of its names.
pub(crate) fn position(names: &[String], column: &[&str]) -> Option<usize> {
    column.iter().find_map(|name| names.iter().position(|found| found == name))
}

/// The kind of a file by its header: names in lower case.
pub(crate) fn recognise(names: &[String]) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| fits(kind, names))
}

/// Every kind of a role, the usual one first.
pub(crate) fn of(role: Role) -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(move |kind| kind.role == role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::table::header;

    /// The columns of files as they are published.
    #[test]
    fn published_headers_are_recognised() {
        for (columns, name) in [
            ("ccode,year,milex,milper,pec,tpop", CAPABILITIES.name),
            ("stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version", CAPABILITIES.name),
            ("statenme,stateabb,ccode,year,irst,milex,milper,pec,tpop,upop,cinc", CAPABILITIES.name),
            ("gwcode,year,milex,milper,irst,pec,tpop,upop,cinc", CAPABILITIES.name),
            ("dyad,state1no,state1ab,state2no,state2ab,year,conttype,version", CONTIGUITY_BY_YEAR.name),
            ("ccode1,ccode2,year,conttype", CONTIGUITY_BY_YEAR.name),
            ("dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version", CONTIGUITY_BY_SPELL.name),
            ("ccode1,ccode2,conttype,stdate,enddate", CONTIGUITY_BY_SPELL.name),
            ("dirdyad,stateA,stateB,year,atopally,defense,offense,neutral,nonagg,consul,shareob", ATOP_BY_YEAR.name),
            ("dyad,mem1,mem2,year,atopally,defense,offense,neutral,nonagg,consul", ATOP_BY_YEAR.name),
            ("ccode1,ccode2,year,atop_defense,atop_offense,atop_neutral,atop_nonagg,atop_consul", ATOP_BY_YEAR.name),
            ("ccode1,ccode2,year,cow_defense,cow_neutral,cow_nonagg,cow_entente", COW_BY_YEAR.name),
            (
                "version4id,ccode1,state_name1,ccode2,state_name2,dyad_st_day,dyad_st_month,dyad_st_year,dyad_end_day,dyad_end_month,dyad_end_year,left_censor,right_censor,defense,neutrality,nonaggression,entente,year,version",
                COW_BY_YEAR.name,
            ),
            (
                "version4id,ccode1,state_name1,ccode2,state_name2,dyad_st_day,dyad_st_month,dyad_st_year,dyad_end_day,dyad_end_month,dyad_end_year,left_censor,right_censor,defense,neutrality,nonaggression,entente,version",
                COW_BY_SPELL.name,
            ),
            (
                "version4id,ccode,state_name,all_st_year,all_end_year,ss_type,mem_st_day,mem_st_month,mem_st_year,mem_end_day,mem_end_month,mem_end_year,left_censor,right_censor,defense,neutrality,nonaggression,entente,version",
                COW_BY_MEMBER.name,
            ),
            (
                "atopidphase,atopid,phase,member,yrent,moent,dayent,yrexit,defense,offense,neutral,nonagg,consul",
                ATOP_BY_MEMBER.name,
            ),
            ("ccode,statenme,capital,lat,lng,stdate,enddate", CAPITALS.name),
            ("countrycode,country,year,gdppc,pop", OUTPUT.name),
            ("gwcode,year,gdppc", OUTPUT.name),
            (
                "disno,dyindex,statea,namea,stateb,nameb,strtday,strtmnth,strtyr,year,endday,endmnth,endyear,hihost,war",
                DISPUTES_BY_DYAD.name,
            ),
            ("dispnum,ccode1,ccode2,year,gmlmidonset,hostlev1,hostlev2", DISPUTES_BY_DYAD.name),
            (
                "dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,revstate,fatality,hostlev",
                DISPUTES_BY_STATE.name,
            ),
            (
                "WarNum,WarName,WarType,ccode,StateName,Side,StartMonth1,StartDay1,StartYear1,EndMonth1,EndDay1,EndYear1,StartYear2,EndYear2",
                WARS.name,
            ),
            ("stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version", MEMBERSHIP.name),
            ("stateabb,ccode,styear,stmonth,stday,endyear,endmonth,endday,version", "Great powers"),
            ("atopid,begyr,endyr,mem1,mem2,defense,offense,neutral,nonagg,consul", "ATOP alliances, one row an alliance"),
            ("state,year,defense,offense,neutral,nonagg,consul,number", "alliances, one row a state and year"),
            ("dispnum,styear,endyear,outcome,hihost,numa,numb", "Militarised disputes, one row a dispute"),
        ] {
            let found = recognise(&header(columns)).map(|kind| kind.name);
            assert_eq!(found, Some(name), "{columns}");
        }
        assert_eq!(recognise(&header("a,b,c")), None);
    }
}
