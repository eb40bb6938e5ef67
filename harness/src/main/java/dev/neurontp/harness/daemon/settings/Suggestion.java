package dev.neurontp.harness.daemon.settings;

import java.util.Comparator;

/** The setting that a person may have meant. */
final class Suggestion {
    private static final int FAR = 4;

    private Suggestion() {}

    static String of(String name) {
        return DaemonSettings.all().stream()
                .map(Setting::name)
                .min(Comparator.comparingInt(known -> distance(known, name)))
                .filter(known -> distance(known, name) < FAR || known.endsWith("." + name))
                .map(known -> ", did you mean '" + known + "'?")
                .orElse("");
    }

    /** How many letters must be put in, taken out or changed. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int i = 0; i <= to.length(); i++) {
            row[i] = i;
        }
        for (int i = 1; i <= from.length(); i++) {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = corner + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                corner = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
