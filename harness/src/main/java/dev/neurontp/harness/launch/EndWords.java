package dev.neurontp.harness.launch;

import java.util.List;
import java.util.Optional;

/**
 * How a launcher ends what it has started, where closing the pipes did not show its end.
 *
 * @param words the command, with placeholders
 * @param proves whether its yes is evidence: what it names has ended with all its processes, not only been asked to
 * @param absent a regular expression, with placeholders, of the line that it says of one that is not there any more, which is a yes too
 * @param search what finds it where it has another name by then: prints ids, which {@code words} takes in the place of its last word;
 *     empty where nothing does
 */
public record EndWords(List<String> words, boolean proves, Optional<String> absent, List<String> search) {
    public EndWords {
        words = List.copyOf(words);
        search = List.copyOf(search);
    }

    /** Those of what keeps its name. */
    public EndWords(List<String> words, boolean proves, Optional<String> absent) {
        this(words, proves, absent, List.of());
    }
}
