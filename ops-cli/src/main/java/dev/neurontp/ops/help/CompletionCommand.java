package dev.neurontp.ops.help;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.help.completion.Shell;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the completion for a shell. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the completion of tpctl for bash, zsh or fish: commands, options and their values, pools and files.",
            "For this shell: source <(tpctl completion bash), source <(tpctl completion zsh), or tpctl completion fish | source."
                    + " For every bash: tpctl completion bash > ~/.local/share/bash-completion/completions/tpctl. For every"
                    + " zsh: tpctl completion zsh > a folder of $fpath, as _tpctl. For every fish: tpctl completion fish >"
                    + " ~/.config/fish/completions/tpctl.fish"
        })
public final class CompletionCommand implements Callable<Integer> {
    private final Screen screen;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SHELL",
            defaultValue = "bash",
            completionCandidates = Shell.Names.class,
            converter = Shell.Text.class,
            description = "bash, zsh or fish. Default: bash.")
    Shell shell;

    @Spec
    CommandSpec spec;

    /** Prints to {@code screen}. */
    public CompletionCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        screen.out().print(shell.script(spec.root()));
        screen.out().flush();
        return ExitCode.OK;
    }
}
