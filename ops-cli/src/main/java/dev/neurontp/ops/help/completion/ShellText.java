package dev.neurontp.ops.help.completion;

import java.util.Collection;
import java.util.stream.Collectors;

/** Text as shells read it. */
final class ShellText {
    /**
     * The ids that are offered, as all three shells write it. What answers may be no daemon of ours, and its id not a word to a
     * shell, or an option.
     */
    static final String PLAIN_ID = "[A-Za-z0-9][A-Za-z0-9_.-]*";

    private ShellText() {}

    /** One word, whatever it holds, for bash and zsh. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** Patterns of a {@code case}. */
    static String patterns(Collection<String> texts) {
        return texts.stream().map(ShellText::quoted).collect(Collectors.joining(" | "));
    }
}
