package dev.neurontp.harness.preflight;

import dev.neurontp.harness.launch.Launcher;
import java.nio.file.Path;

/** What is likely between a launcher and what it starts, and so what to do where something is in the way there. */
enum LauncherKind {
    SHELL(
            "its shell's start file does: print there only where the shell is interactive, case $- in *i*)",
            "does a start file of its shell read stdin? ssh: no -n in the launcher's options",
            "does a start file of its shell, or a wrapper, send it elsewhere (2>)? ssh: no -t in the launcher's options",
            "is the host up, and reachable from here? See hosts.HOST.address",
            "install this product there, or name its path: launchers.LAUNCHER.neuron"),
    SLURM(
            "a prolog does (TaskProlog, SLURM_TASK_PROLOG), or SLURM_LABELIO is set: unset it, and let the prolog print on stderr",
            "is SLURM_STDINMODE set, or --input among the launcher's options? Does a prolog read stdin?",
            "is SLURM_STDERRMODE set, or --error among the launcher's options?",
            "is Slurm's controller up? scontrol ping. Is the node? sinfo -R",
            SHELL.program),
    CONTAINER(
            "the image's entrypoint does, or --tty is among the launcher's options, which puts stderr there: take it out",
            "does the image's entrypoint read stdin?",
            "no --tty (-t) among the launcher's options, and no 2> in the image's entrypoint",
            SHELL.route,
            "where the engine could not start the container, its words say why. Else name the path of this product in the image:"
                    + " launchers.LAUNCHER.neuron");

    private final String stdout;
    private final String stdin;
    private final String stderr;
    private final String route;
    private final String program;

    LauncherKind(String stdout, String stdin, String stderr, String route, String program) {
        this.stdout = stdout;
        this.stdin = stdin;
        this.stderr = stderr;
        this.route = route;
        this.program = program;
    }

    /** By the program that it is. */
    static LauncherKind of(Launcher launcher) {
        Path program = Path.of(launcher.start().getFirst()).getFileName();
        return switch (program == null ? "" : program.toString()) {
            case "srun" -> SLURM;
            case "docker", "podman", "kubectl" -> CONTAINER;
            default -> SHELL;
        };
    }

    /** Where something is printed before the worker. */
    String stdoutRemedy() {
        return stdout;
    }

    /** Where stdin does not arrive. */
    String stdinRemedy() {
        return stdin;
    }

    /** Where stderr does not come back. */
    String stderrRemedy() {
        return stderr;
    }

    /** Where it was not reached in time, or not at all. */
    String routeRemedy() {
        return route;
    }

    /** Where the program cannot be run. */
    String programRemedy() {
        return program;
    }
}
