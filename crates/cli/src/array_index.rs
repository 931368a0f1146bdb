//! Which task of an array this process is, as batch systems say it in the environment.

/// What a batch system sets, and the number of its first task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Variable {
    system: &'static str,
    name: &'static str,
    first: u32,
}

const fn variable(system: &'static str, name: &'static str, first: u32) -> Variable {
    Variable { system, name, first }
}

/// In the order in which they are asked: one's own first, those that a task of another system may inherit last.
const VARIABLES: [Variable; 10] = [
    variable("your own", "SPIRAL_SHARD_INDEX", 0),
    variable("Slurm", "SLURM_ARRAY_TASK_ID", 0),
    variable("PBS", "PBS_ARRAY_INDEX", 0),
    variable("Torque", "PBS_ARRAYID", 0),
    variable("Grid Engine", "SGE_TASK_ID", 1),
    variable("LSF", "LSB_JOBINDEX", 1),
    variable("HyperQueue", "HQ_TASK_ID", 0),
    variable("AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", 0),
    variable("Kubernetes", "JOB_COMPLETION_INDEX", 0),
    variable("GNU parallel", "PARALLEL_SEQ", 1),
];

/// The number of the task, from 0. `environment` gives the value of a variable.
///
/// # Errors
/// No variable that names a task, or one that is no number: what is looked for.
pub(crate) fn task(environment: &dyn Fn(&str) -> Option<String>) -> Result<u32, String> {
    // Systems that know arrays set the variable of a job that is none to something else: `undefined`, or 0 where tasks count from 1.
    let set = |variable: &&Variable| {
        let value = environment(variable.name);
        value.is_some_and(|value| value != "undefined" && !value.is_empty() && !(variable.first == 1 && value == "0"))
    };
    let Some(Variable { system, name, first }) = VARIABLES.iter().find(set).copied() else {
        let names: Vec<String> = VARIABLES.iter().map(|variable| format!("{} ({})", variable.name, variable.system)).collect();
        return Err(format!(
            "--index auto reads the number of the task from the environment, and none of these is set: {}. Start the command as a task of \
             an array, or give the number",
            names.join(", ")
        ));
    };
    let value = environment(name).unwrap_or_default();
    let number = value.parse::<u32>().ok().and_then(|number| number.checked_sub(first));
    number.ok_or_else(|| format!("{name} ({system}) is `{value}`, which is not the number of a task: give --index a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(set: &[(&str, &str)]) -> Result<u32, String> {
        let get = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_string());
        task(&get)
    }

    #[test]
    fn each_system_has_its_variable_and_its_first_number() {
        for Variable { name, first, .. } in VARIABLES {
            assert_eq!(with(&[(name, "7")]), Ok(7 - first), "{name}");
        }
        assert_eq!(with(&[("SGE_TASK_ID", "undefined"), ("PARALLEL_SEQ", "1")]), Ok(0), "a job of Grid Engine that is no array");
        assert_eq!(with(&[("LSB_JOBINDEX", "0"), ("SLURM_ARRAY_TASK_ID", "0")]), Ok(0));
        assert_eq!(with(&[("PARALLEL_SEQ", "3"), ("SLURM_ARRAY_TASK_ID", "9")]), Ok(9));
    }

    #[test]
    fn without_an_array_the_error_lists_what_is_looked_for() {
        for set in [&[][..], &[("LSB_JOBINDEX", "0")]] {
            let told = with(set).expect_err("no task");
            assert!(told.contains("SLURM_ARRAY_TASK_ID (Slurm)") && told.contains("give the number"), "{told}");
        }
        let told = with(&[("SLURM_ARRAY_TASK_ID", "x")]).expect_err("no number");
        assert!(told.contains("SLURM_ARRAY_TASK_ID (Slurm) is `x`"), "{told}");
    }
}
