package dev.neurontp.ops.help;

import dev.neurontp.ops.console.ExitCodeHelp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in roff's man macros, from what picocli knows of a command, and the sections that man-pages(7) names. */
final class ManPage {
    /** The page of the daemon and the worker, which is no command of tpctl. */
    static final String NEURON = "neuron";

    private static final String TPCTL = "tpctl";

    private static final Map<String, String> ENVIRONMENT = ordered(
            "NEURON_RUNTIME_DIR", "The folder in which daemons and tpctl find each other; then no other one is used.",
            "XDG_RUNTIME_DIR, HOME", "Where that folder is without it.",
            "NEURON_STATE_DIR", "The folder for the history of pools; then no other one is used.",
            "STATE_DIRECTORY, XDG_STATE_HOME, HOME", "Where that folder is without it.",
            "NO_COLOR", "Set and not empty: no colours.",
            "JAVA_HOME",
                    "In a checkout, the JDK to use. Without it: the java on the PATH, then /usr/lib/jvm. A package has a Java of its own.",
            "NEURON_JAVA_OPTS", "More options for the JVM.");

    private static final Map<String, String> ENVIRONMENT_OF_NEURON = ordered(
            "NEURON_CONFIG", "The same as --config.",
            "NEURON_HTTP__PORT",
                    "A setting, here http.port: capitals, two underscores for a dot. Every setting has one.",
            "NEURON_TP_COMMUNICATOR", "The communicator of a worker and of --tp-smoke: nccl or loopback.",
            "NEURON_LOG", "The log level of a worker.");

    private static final Map<String, String> FILES = ordered(
            "/run/neurontp, $XDG_RUNTIME_DIR/neurontp, ~/.local/state/neurontp",
                    "The runtime folder, the first of them that can be used; for root the first is the first.",
            "daemon-PID.json", "In it: one live daemon, its address and the file of its token.",
            "$XDG_STATE_HOME/neurontp, ~/.local/state/neurontp",
                    "The state folder, the first of them that can be used.",
            "history/pool-ID.json, .events, .log",
                    "In it: what a pool was, what happened to it, what its workers wrote.",
            "token", "In it: the token of this folder's daemons, mode 0600.",
            "workers-PID.json", "In it: the workers of that daemon, which the next start ends after a crash.");

    private final StringBuilder page = new StringBuilder();
    private final CommandSpec spec;

    private ManPage(CommandSpec spec) {
        this.spec = spec;
    }

    static String of(CommandLine command) {
        ManPage man = new ManPage(command.getCommandSpec());
        man.write(command.getHelp());
        return man.page.toString();
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private void write(Help help) {
        String name = spec.qualifiedName("-");
        String[] description = spec.usageMessage().description();
        page.append(".TH ").append(escaped(name).toUpperCase(Locale.ROOT)).append(" 1\n");
        section("NAME");
        text(name + " - " + (description.length == 0 ? TPCTL : description[0]));
        section("SYNOPSIS");
        text(help.synopsis(0).strip());
        section("DESCRIPTION");
        text(String.join(" ", description));
        if (!spec.positionalParameters().isEmpty() || !spec.options().isEmpty()) {
            section("OPTIONS");
            spec.positionalParameters().stream().filter(p -> !p.hidden()).forEach(this::parameter);
            spec.options().stream().filter(o -> !o.hidden()).forEach(this::option);
        }
        if (!spec.subcommands().isEmpty()) {
            section("COMMANDS");
            spec.subcommands().forEach(this::command);
        }
        section("EXIT STATUS");
        text(ExitCodeHelp.CODES);
        section("ENVIRONMENT");
        if (isOfNeuron()) {
            ENVIRONMENT_OF_NEURON.forEach(this::entry);
        }
        ENVIRONMENT.forEach(this::entry);
        section("FILES");
        FILES.forEach(this::entry);
        examples();
        section("SEE ALSO");
        text(seeAlso());
    }

    private boolean isOfNeuron() {
        return spec.name().equals(NEURON);
    }

    private void examples() {
        List<UsageExamples.Example> examples =
                UsageExamples.of(spec.qualifiedName(" ")).examples();
        if (examples.isEmpty()) {
            return;
        }
        section("EXAMPLES");
        for (UsageExamples.Example example : examples) {
            page.append(".TP\n.B ").append(escaped(example.line())).append('\n');
            text(example.meaning().isEmpty() ? spec.usageMessage().description()[0] : example.meaning());
        }
    }

    /** The command that this one belongs to, its own commands, and the other program. */
    private String seeAlso() {
        List<String> pages = new ArrayList<>();
        if (spec.parent() != null) {
            pages.add(spec.parent().qualifiedName("-"));
        }
        spec.subcommands().keySet().forEach(name -> pages.add(spec.qualifiedName("-") + "-" + name));
        Stream<String> programs = Stream.of(TPCTL, NEURON).filter(name -> !name.equals(spec.name()));
        return Stream.concat(pages.stream(), programs)
                .distinct()
                .map(name -> name + "(1)")
                .collect(Collectors.joining(", "));
    }

    private void section(String title) {
        page.append(".SH ").append(title).append('\n');
    }

    private void parameter(PositionalParamSpec parameter) {
        entry(parameter.paramLabel(), description(parameter));
    }

    private void option(OptionSpec option) {
        String names = String.join(", ", option.names());
        entry(option.arity().max() == 0 ? names : names + " " + option.paramLabel(), description(option));
    }

    private static String description(ArgSpec argument) {
        String candidates =
                argument.completionCandidates() == null ? "" : String.join(", ", argument.completionCandidates());
        return String.join(" ", argument.description()).replace("${COMPLETION-CANDIDATES}", candidates);
    }

    private void entry(String head, String description) {
        page.append(".TP\n.B ").append(escaped(head)).append('\n');
        text(description);
    }

    private void command(String name, CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        entry(name, description.length == 0 ? name : description[0]);
    }

    private void text(String text) {
        String escaped = escaped(text);
        // A line that begins with a dot or an apostrophe would be an order to roff.
        page.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
                .append(escaped)
                .append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("-", "\\-").replace("\n", " ");
    }
}
