package dev.neurontp.harness.launch;

import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names in braces, in the words of a launcher. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)}");

    private Placeholders() {}

    static String fill(String word, Map<String, String> facts) {
        return PLACEHOLDER.matcher(word).replaceAll(found -> Matcher.quoteReplacement(value(found, facts)));
    }

    private static String value(MatchResult found, Map<String, String> facts) {
        String value = facts.get(found.group(1));
        if (value == null) {
            if (found.group(1).equals("job")) {
                throw new IllegalArgumentException(
                        "the launcher needs an allocation of Slurm: set launchers.NAME.job, or"
                                + " start the daemon inside salloc or sbatch, which set SLURM_JOB_ID");
            }
            throw new IllegalArgumentException("the launcher's word has the placeholder {" + found.group(1)
                    + "}: there are " + String.join(", ", new TreeSet<>(facts.keySet())));
        }
        return value;
    }
}
