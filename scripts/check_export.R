# Loads the files that `spiral export` wrote into the folder `export` of a study with the script that stands beside them.
folder <- file.path(commandArgs(trailingOnly = TRUE)[1], "export")
source(file.path(folder, "load.R"), chdir = TRUE)
stopifnot(
  nrow(dyad_year) > 0, nrow(state_year) > 0, nrow(history) > 0, nrow(event) > 0,
  attr(dyad_year$midonset, "label") == "Onset of a dispute",
  attr(dyad_year$hihost, "labels")[["war"]] == 5,
  all(c("ccode1", "ccode2", "year", "midonset", "conttype") %in% names(dyad_year)),
  is.numeric(dyad_year$capratio), all(dyad_year$hihost %in% 1:5)
)
if (requireNamespace("haven", quietly = TRUE)) {
  stata <- haven::read_dta(file.path(folder, "dyad-year.dta"))
  stopifnot(nrow(stata) == nrow(dyad_year), all(stata$midonset == dyad_year$midonset))
}
cat("R loads every file with its labels\n")
