package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.text.Suggestion;
import java.util.Comparator;

/** The known setting that is most like a name that is none. */
final class SettingSuggestion {
    private static final int FAR = 4;

    private SettingSuggestion() {}

    static String of(String name) {
        return DaemonSettings.all().stream()
                .min(Comparator.comparingInt(known -> Suggestion.distance(known.name(), name)))
                .filter(known -> Suggestion.distance(known.name(), name) < FAR
                        || known.name().endsWith("." + name))
                .map(known -> ", did you mean '" + known.name() + "' (as a variable " + known.variable() + ")?")
                .orElse("");
    }
}
