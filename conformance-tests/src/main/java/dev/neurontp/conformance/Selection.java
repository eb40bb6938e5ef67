package dev.neurontp.conformance;

import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.RunLog;
import dev.neurontp.conformance.contract.Rule;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which rules and checks {@code --only} and {@code --skip} leave. */
final class Selection {

    private final List<Pattern> only;
    private final List<Pattern> skip;

    /**
     * A selection.
     *
     * @throws UsageException if a pattern names no rule and no check
     */
    Selection(RunOptions options, List<Rule> rules, List<Check> checks) {
        only = options.only().stream().map(Selection::glob).toList();
        skip = options.skip().stream().map(Selection::glob).toList();
        List<Rule> judged = rules.stream().filter(Rule::isJudged).toList();
        requireUse("--only", options.only(), judged, checks);
        requireUse("--skip", options.skip(), judged, checks);
    }

    boolean takes(Check check) {
        boolean wanted = only.isEmpty() || matches(only, check.id()) || matches(only, check.rule());
        return wanted && !matches(skip, check.id()) && !matches(skip, check.rule());
    }

    /** Whether a violation of this rule counts that a check of another rule comes upon. */
    boolean takesRule(String rule) {
        return (only.isEmpty() || matches(only, rule)) && !matches(skip, rule);
    }

    private static void requireUse(String option, List<String> globs, List<Rule> rules, List<Check> checks) {
        for (String glob : globs) {
            Predicate<String> matches = glob(glob).asMatchPredicate();
            boolean used = rules.stream().map(Rule::id).anyMatch(matches)
                    || checks.stream().map(Check::id).anyMatch(matches);
            if (!used) {
                throw new UsageException(option + " " + glob + " matches no rule that is judged and no check: see"
                        + " 'tpctl conformance list'");
            }
        }
    }

    private static boolean matches(List<Pattern> patterns, String id) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(id).matches());
    }

    /** {@code F5.always}, as reports call what was seen of a rule in other checks, stands for the rule. */
    private static Pattern glob(String given) {
        String glob =
                given.endsWith(RunLog.ALWAYS) ? given.substring(0, given.length() - RunLog.ALWAYS.length()) : given;
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString());
    }
}
