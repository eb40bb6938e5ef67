package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.contract.Rule;
import java.util.Arrays;

/** A chapter of the wire contract: what a rule is about. Its tag is its name in lower case. */
public enum Chapter {
    /** A: how a worker is started. */
    STARTING('A', Chapter.STARTING_TAG),
    /** F: lines, bytes and their order. */
    FRAMES('F', Chapter.FRAMES_TAG),
    /** O: requests and their replies. */
    OPERATIONS('O', Chapter.OPERATIONS_TAG),
    /** S: what a worker of each stage does. */
    STAGES('S', Chapter.STAGES_TAG),
    /** L: how a worker ends. */
    ENDING('L', Chapter.ENDING_TAG);

    /** The tag of {@link #STARTING}. */
    public static final String STARTING_TAG = "starting";

    /** The tag of {@link #FRAMES}. */
    public static final String FRAMES_TAG = "frames";

    /** The tag of {@link #OPERATIONS}. */
    public static final String OPERATIONS_TAG = "operations";

    /** The tag of {@link #STAGES}. */
    public static final String STAGES_TAG = "stages";

    /** The tag of {@link #ENDING}. */
    public static final String ENDING_TAG = "ending";

    private final char letter;
    private final String tag;

    Chapter(char letter, String tag) {
        this.letter = letter;
        this.tag = tag;
    }

    /** The tag of its tests. */
    public String tag() {
        return tag;
    }

    static Chapter of(Rule rule) {
        return of(rule.id());
    }

    static Chapter of(String rule) {
        return Arrays.stream(values())
                .filter(chapter -> chapter.letter == rule.charAt(0))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("the rule " + rule + " is of no chapter that there is"));
    }

    @Override
    public String toString() {
        return letter + ": " + tag;
    }
}
