# A logit of the onset of disputes on contiguity, great powers, alliance, capability ratio, past disputes and arms race, as studies of
# conflict run it on observed dyad-years, on the dyad-years that `spiral export` wrote: Rscript dispute_logit.R STUDY
# Needs the files dyad-year and state-year, and R without any package. Standard errors are clustered by history.
folder <- file.path(commandArgs(trailingOnly = TRUE)[1], "export")
source(file.path(folder, "load.R"), chdir = TRUE)

# The value of the same unit so many years before; NA where there is none.
before <- function(value, unit, years) {
  n <- length(value)
  rows <- seq_len(n)
  earlier <- rows - years
  known <- earlier > 0
  known[known] <- unit[rows[known]] == unit[earlier[known]]
  result <- rep(NA_real_, n)
  result[known] <- as.numeric(value[earlier[known]])
  result
}

# An arms race: military spending of both grew 8 % a year faster than that of the median state, over the three years before.
states <- state_year[order(state_year$history, state_year$ccode, state_year$year), ]
unit <- paste(states$history, states$ccode)
states$growth <- (log(before(states$procurement, unit, 1)) - log(before(states$procurement, unit, 4))) / 3
median_growth <- ave(states$growth, states$year, FUN = function(g) median(g, na.rm = TRUE))
states$arms <- states$growth - median_growth > 0.08

dyads <- dyad_year
for (side in 1:2) {
  own <- states[c("history", "year", "ccode", "arms")]
  names(own)[3:4] <- paste0(c("ccode", "arms"), side)
  dyads <- merge(dyads, own)
}
dyads <- dyads[order(dyads$history, dyads$ccode1, dyads$ccode2, dyads$year), ]
dyads$race <- as.integer(dyads$arms1 & dyads$arms2)
pair <- paste(dyads$history, dyads$ccode1, dyads$ccode2)
onsets <- sapply(1:5, function(years) before(dyads$midonset, pair, years))
dyads$disputes <- pmin(rowSums(onsets, na.rm = TRUE), 4)
dyads$land <- as.integer(dyads$conttype == 1)
dyads$sea <- as.integer(dyads$conttype > 1)
dyads$one_great_power <- as.integer(dyads$majors == 1)
dyads$two_great_powers <- as.integer(dyads$majors == 2)
dyads$ln_capratio <- log(pmax(dyads$capratio, 1e-4))

candidates <- c("land", "sea", "one_great_power", "two_great_powers", "defense", "ln_capratio", "race", "disputes")
used <- c("midonset", "history", candidates)
rows <- dyads[complete.cases(dyads[used]), used]
# A world of great powers alone has nothing to compare them with: what does not vary is left out.
varies <- candidates[sapply(rows[candidates], function(x) length(unique(x)) > 1)]
model <- glm(reformulate(varies, "midonset"), family = binomial, data = rows)

# Standard errors clustered by history: years and pairs of one history are not independent of each other.
design <- model.matrix(model)
scores <- rowsum(design * (rows$midonset - fitted(model)), rows$history)
bread <- vcov(model)
groups <- nrow(scores)
errors <- sqrt(diag(bread %*% crossprod(scores) %*% bread) * groups / (groups - 1))
table <- cbind(coefficient = coef(model), error = errors, z = coef(model) / errors)
cat(sprintf("%d dyad-years, %d onsets, %d histories\n", nrow(rows), sum(rows$midonset), groups))
print(round(table, 2))

# What every study finds, and what the model must show in any world of states.
sign_of <- function(name) if (name %in% varies) sign(coef(model)[[name]]) else NA
found <- c(land = sign_of("land"), alliance = sign_of("defense"), disputes = sign_of("disputes"))
expected <- c(land = 1, alliance = -1, disputes = 1)
wrong <- names(found)[!is.na(found) & found != expected]
if (length(wrong) > 0) stop("against the published sign: ", paste(wrong, collapse = ", "))
