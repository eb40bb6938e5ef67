package dev.neurontp.ops.help.completion;

import java.util.Collection;
import java.util.stream.Collectors;

/** Text as shells read it. */
final class ShellText {
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
