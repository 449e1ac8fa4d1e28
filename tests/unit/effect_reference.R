# Reference answers for test_stats_effect.c, computed by another program than Ridealong (C9): R with its own prop.test for
# Wilson's intervals and metafor's empirical Bayes model. Not run by the tests; to make the numbers anew:
#     Rscript tests/unit/effect_reference.R > tests/unit/effect_reference.h
suppressMessages(library(metafor))
set.seed(20261128)

f <- function(x) format(x, digits = 15, scientific = TRUE, trim = TRUE)
wilson <- function(yes, n) suppressWarnings(prop.test(yes, n, correct = FALSE))$conf.int

# Zou and Donner: each part lends the distance from its share to the nearer end of its own interval.
change <- function(parts, signs) {
	value <- 0; down <- 0; up <- 0
	for (i in seq_along(signs)) {
		p <- parts[[i]][1] / parts[[i]][2]; w <- wilson(parts[[i]][1], parts[[i]][2])
		value <- value + signs[i] * p
		low <- if (signs[i] > 0) p - w[1] else w[2] - p
		high <- if (signs[i] > 0) w[2] - p else p - w[1]
		down <- down + low^2; up <- up + high^2
	}
	c(value, value - sqrt(down), value + sqrt(up))
}

cat("/* Made by effect_reference.R with", R.version.string, "and metafor", as.character(packageVersion("metafor")), "*/\n")
cat("static const struct reference_effect {\n\tstruct effect_group group, others;\n\tdouble diff, low, high;\n} reference_effects[] = {\n")
for (i in 1:40) {
	n <- sample(c(1, 2, 12, 20, 45, 300, 4000), 4, replace = TRUE)
	yes <- mapply(function(k) sample(0:k, 1), n)
	if (i %% 8 == 0) yes <- n * (i %% 16 == 0)
	r <- round(runif(2, -.1, .1), 3)
	x <- change(list(c(yes[2], n[2]), c(yes[1], n[1]), c(yes[4], n[4]), c(yes[3], n[3])), c(1, -1, -1, 1)) - (r[1] - r[2])
	cat(sprintf("\t{ { %d, %d, %d, %d, %s }, { %d, %d, %d, %d, %s }, %s, %s, %s },\n", yes[1], n[1], yes[2], n[2], f(r[1]),
		yes[3], n[3], yes[4], n[4], f(r[2]), f(x[1]), f(x[2]), f(x[3])))
}
cat("};\n\n")

cat("static const struct reference_pull {\n\tsize_t n;\n\tdouble value[12], se[12]; /* in */\n",
	"\tdouble mu, mu_se, spread, pulled[12], error[12];\n} reference_pulls[] = {\n", sep = "")
for (i in 1:20) {
	k <- sample(4:12, 1)
	se <- round(runif(k, .01, .2), 4)
	y <- round(rnorm(k, .03, if (i %% 4 == 0) 0 else .12) + rnorm(k, 0, se), 4)
	m <- rma(y, sei = se, method = "EB", control = list(threshold = 1e-14, maxiter = 100000))
	A <- m$tau2; V <- se^2; w <- 1 / (V + A); mu <- as.numeric(m$beta)
	# Morris (1983), section 5: the factor of regression carries (k - 3) / (k - 1), which blup() does not have.
	B <- (k - 3) / (k - 1) * V * w
	vbar <- sum(w * V) / sum(w)
	s2 <- V * (1 - (k - k * w / sum(w)) / k * B) + 2 / (k - 3) * B^2 * (vbar + A) * w * (y - mu)^2
	list12 <- function(x) paste0("{ ", paste(f(x), collapse = ", "), " }")
	cat(sprintf("\t{ %d, %s, %s, %s, %s, %s,\n\t%s, %s },\n", k, list12(y), list12(se), f(mu), f(m$se), f(A),
		list12((1 - B) * y + B * mu), list12(sqrt(s2))))
}
cat("};\n")
