package dev.neurontp.harness.pool;

import dev.neurontp.harness.text.ForeignText;
import java.util.Map;
import java.util.regex.Pattern;

/** What a pool may be called and labelled: one rule for the daemon and for whoever writes the request. */
public final class PoolNames {
    /** The most labels of one pool. */
    public static final int MOST_LABELS = 32;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?");

    private PoolNames() {}

    /**
     * The name itself.
     *
     * @throws IllegalArgumentException with value and rule, when it is no name
     */
    public static String require(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name is '" + shown(name)
                            + "': it must be 1 to 63 lower-case letters, digits and '-', with a letter or a digit at both ends");
        }
        return name;
    }

    /**
     * The labels themselves.
     *
     * @throws IllegalArgumentException with value and rule, when one is no label or there are too many
     */
    public static Map<String, String> requireLabels(Map<String, String> labels) {
        if (labels.size() > MOST_LABELS) {
            throw new IllegalArgumentException(
                    "there are " + labels.size() + " labels: a pool has at most " + MOST_LABELS);
        }
        labels.forEach((key, value) -> {
            if (!KEY.matcher(key).matches()) {
                throw new IllegalArgumentException("a label's key is '" + shown(key)
                        + "': it must be 1 to 63 letters, digits, '-', '_', '.' and '/', with a letter or a digit at"
                        + " both ends");
            }
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("the label " + key + " is '" + shown(value)
                        + "': it must be at most 63 letters, digits, '-', '_' and '.', with a letter or a digit at both"
                        + " ends");
            }
        });
        return labels;
    }

    private static String shown(String text) {
        return ForeignText.of(text, ForeignText.NAME);
    }
}
