package dev.neurontp.ops.help;

import dev.neurontp.ops.console.ExitCodeHelp;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in roff's man macros, from what picocli knows of a command. */
final class ManPage {
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

    private void write(Help help) {
        String name = spec.qualifiedName("-");
        String[] description = spec.usageMessage().description();
        page.append(".TH ").append(escaped(name).toUpperCase(Locale.ROOT)).append(" 1\n");
        section("NAME");
        text(name + " - " + (description.length == 0 ? "tpctl" : description[0]));
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
    }

    private void section(String title) {
        page.append(".SH ").append(title).append('\n');
    }

    private void parameter(PositionalParamSpec parameter) {
        entry(parameter.paramLabel(), parameter);
    }

    private void option(OptionSpec option) {
        String names = String.join(", ", option.names());
        entry(option.arity().max() == 0 ? names : names + " " + option.paramLabel(), option);
    }

    private void entry(String head, ArgSpec argument) {
        page.append(".TP\n.B ").append(escaped(head)).append('\n');
        text(String.join(" ", argument.description()));
    }

    private void command(String name, CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        page.append(".TP\n.B ").append(escaped(name)).append('\n');
        text(description.length == 0 ? name : description[0]);
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
