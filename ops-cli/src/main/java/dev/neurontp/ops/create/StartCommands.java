package dev.neurontp.ops.create;

import dev.neurontp.harness.api.PoolApplied;
import dev.neurontp.harness.launch.ShellWord;
import dev.neurontp.ops.console.Screen;
import java.util.List;

/** The commands by which a pool would be started and ended, each on a line that a shell takes as it is. */
public final class StartCommands {
    private StartCommands() {}

    /** Prints them; what is said of each stands in a comment before it. */
    public static void show(List<PoolApplied.Commands> commands, Screen screen) {
        for (PoolApplied.Commands one : commands) {
            String where = one.process() + " on " + one.host();
            screen.line("# " + where);
            screen.line(line(one.start()));
            if (one.end().isPresent()) {
                screen.line("# end of " + where);
                screen.line(line(one.end().get()));
            }
        }
    }

    private static String line(List<String> words) {
        return String.join(" ", words.stream().map(ShellWord::quoted).toList());
    }
}
