package dev.neurontp.ops.help;

import dev.neurontp.ops.console.Screen;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the completion for bash and zsh. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the completion of tpctl for bash and zsh.",
            "For this shell: source <(tpctl completion). For every bash: tpctl completion >"
                    + " ~/.local/share/bash-completion/completions/tpctl"
        })
public final class CompletionCommand implements Callable<Integer> {
    private final Screen screen;

    @Spec
    private CommandSpec spec;

    /** Prints to {@code screen}. */
    public CompletionCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        screen.out().print(AutoComplete.bash("tpctl", spec.root().commandLine()));
        screen.out().flush();
        return 0;
    }
}
