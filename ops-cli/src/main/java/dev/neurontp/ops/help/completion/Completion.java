package dev.neurontp.ops.help.completion;

import dev.neurontp.ops.console.Completes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What can stand behind one command.
 *
 * @param path its words, from the program's name on
 * @param commands its commands
 * @param options its options
 * @param argument what its first argument is
 */
record Completion(String path, List<Word> commands, List<Option> options, Value argument) {
    private static final int LONGEST = 70;

    /** How help names what is a path, whatever type it has here. */
    private static final Set<String> OF_PATHS = Set.of("FILE", "FOLDER", "DIR");

    /** A word and what it means. */
    record Word(String text, String meaning) {}

    /** An option: its names, and its value where it takes one. */
    record Option(List<String> names, boolean takesValue, Value value, String meaning) {}

    /** What can be there: some of {@code words}, or what {@code kind} says. */
    record Value(Kind kind, List<String> words) {}

    /** Where the values come from. */
    enum Kind {
        /** Nobody can say: a number, a time. */
        ANYTHING,
        WORDS,
        FILES,
        POOLS
    }

    /** Whether it is known what its argument can be. */
    boolean takesArgument() {
        return argument.kind() != Kind.ANYTHING;
    }

    /** The program, then each of its commands, the outer ones first. */
    static List<Completion> of(CommandSpec program) {
        List<Completion> all = new ArrayList<>();
        add(program, program.name(), program, all);
        return all;
    }

    private static void add(CommandSpec command, String path, CommandSpec program, List<Completion> all) {
        List<Word> words = command.subcommands().entrySet().stream()
                .map(entry -> new Word(entry.getKey(), meaning(entry.getValue())))
                .toList();
        List<Option> options = command.options().stream()
                .filter(option -> !option.hidden())
                .map(option -> option(option, program))
                .toList();
        Value argument = command.positionalParameters().isEmpty()
                ? new Value(Kind.ANYTHING, List.of())
                : value(command.positionalParameters().getFirst(), program);
        all.add(new Completion(path, words, options, argument));
        command.subcommands().forEach((name, inner) -> add(inner.getCommandSpec(), path + " " + name, program, all));
    }

    private static Option option(OptionSpec option, CommandSpec program) {
        return new Option(
                List.of(option.names()),
                option.arity().max() > 0,
                value(option, program),
                firstSentence(option.description()));
    }

    private static Value value(ArgSpec argument, CommandSpec program) {
        Iterable<String> candidates = argument.completionCandidates();
        if (candidates instanceof Completes.Pools) {
            return new Value(Kind.POOLS, List.of());
        }
        if (candidates instanceof Completes.Commands) {
            return new Value(Kind.WORDS, List.copyOf(program.subcommands().keySet()));
        }
        if (candidates != null) {
            List<String> words =
                    StreamSupport.stream(candidates.spliterator(), false).toList();
            return new Value(words.isEmpty() ? Kind.ANYTHING : Kind.WORDS, words);
        }
        boolean isPath = argument.type() == Path.class
                || argument.auxiliaryTypes()[0] == Path.class
                || OF_PATHS.contains(argument.paramLabel());
        return new Value(isPath ? Kind.FILES : Kind.ANYTHING, List.of());
    }

    /** Each name of an option with the words before it. */
    List<String> paths(Option option) {
        return option.names().stream().map(name -> path + " " + name).toList();
    }

    private static String meaning(CommandLine command) {
        return firstSentence(command.getCommandSpec().usageMessage().description());
    }

    /** On one line and short, without what the shells could take for their own. */
    private static String firstSentence(String... description) {
        String text = String.join(" ", description).replaceAll("[\\s\\p{Cntrl}]+", " ");
        int end = text.indexOf(". ");
        String sentence = end < 0 ? text.replaceFirst("\\.$", "") : text.substring(0, end);
        return sentence.length() <= LONGEST ? sentence : sentence.substring(0, LONGEST - 3) + "...";
    }
}
