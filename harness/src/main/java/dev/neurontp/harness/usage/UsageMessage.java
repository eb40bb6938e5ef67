package dev.neurontp.harness.usage;

import dev.neurontp.harness.text.Suggestion;
import dev.neurontp.worker.os.NamedPath;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Why a command line is refused, in the words of who typed it: picocli's own speak of its fields and indexes. */
public final class UsageMessage {
    /** What picocli puts before the reason why a value is refused. */
    private static final Pattern BEFORE_REASON =
            Pattern.compile("Invalid value for (?:option '.*?'|positional parameter at index \\S+)(?: \\(.*?\\))?: ");

    private static final Pattern NO_NUMBER = Pattern.compile("'(.*)' is not an? (?:int|long)", Pattern.DOTALL);
    /** How the help of a number says what it may be. */
    private static final Pattern BOUND = Pattern.compile("\\b(\\d+) to (\\d+)\\b|\\b(?:at most|up to) (\\d+)\\b");

    private static final Pattern NO_CHOICE =
            Pattern.compile("expected one of \\[(.*)] \\(case-\\w+\\) but was '(.*)'", Pattern.DOTALL);
    private static final Pattern NO_FLAG = Pattern.compile("'(.*)' is not a boolean", Pattern.DOTALL);

    private final ParameterException problem;
    private final List<String> arguments;

    private UsageMessage(ParameterException problem, List<String> arguments) {
        this.problem = problem;
        this.arguments = arguments;
    }

    /**
     * One sentence that names what is wrong, not cleaned of what the person typed.
     *
     * @param arguments the whole command line: an option with two names is called as it was typed
     */
    public static String of(ParameterException problem, String... arguments) {
        return new UsageMessage(problem, List.of(arguments)).text();
    }

    private String text() {
        return switch (problem) {
            case UnmatchedArgumentException unmatched
            when !unmatched.getUnmatched().isEmpty() ->
                unknown(unmatched.getUnmatched().getFirst());
            case MissingParameterException missing when !missing.getMissing().isEmpty() -> missing(missing);
            case OverwrittenOptionException twice ->
                name(twice.getOverwritten()) + " is given twice: it can be given once only";
            default -> problem.getArgSpec() == null ? problem.getMessage() : refused();
        };
    }

    private String unknown(String word) {
        try {
            // Of arguments of any number, one that is refused counts as one that nobody takes.
            NamedPath.requireWord(word);
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        CommandSpec command = problem.getCommandLine().getCommandSpec();
        if (word.startsWith("-") && word.length() > 1) {
            int value = word.indexOf('=');
            String name = value < 0 ? word : word.substring(0, value);
            List<String> known = command.options().stream()
                    .filter(option -> !option.hidden())
                    .flatMap(option -> Arrays.stream(option.names()))
                    .toList();
            return "unknown option '" + name + "'" + Suggestion.question(name, known);
        }
        if (command.subcommands().isEmpty() || !command.positionalParameters().isEmpty()) {
            return "unexpected argument '" + word + "'"
                    + (word.isEmpty() ? ": it is empty, like a shell variable that is not set" : "");
        }
        return "unknown command '" + word + "'"
                + Suggestion.question(word, command.subcommands().keySet());
    }

    private String missing(MissingParameterException missing) {
        return missing.getMissing().stream()
                .map(argument -> argument.required() || argument.isPositional()
                        ? withValue(argument) + " is required"
                        : name(argument) + " needs a value: " + withValue(argument))
                .collect(Collectors.joining(", "));
    }

    private String refused() {
        String why = BEFORE_REASON.matcher(problem.getMessage()).replaceFirst("");
        Matcher number = NO_NUMBER.matcher(why);
        Matcher choice = NO_CHOICE.matcher(why);
        Matcher flag = NO_FLAG.matcher(why);
        String name = name(problem.getArgSpec());
        if (number.matches()) {
            return name + " is '" + number.group(1) + "': it must be a whole number" + boundOf(problem.getArgSpec());
        }
        if (choice.matches()) {
            return name + " is '" + choice.group(2) + "': it must be one of " + choice.group(1);
        }
        if (flag.matches()) {
            return name + " takes no value, and '" + flag.group(1) + "' was given";
        }
        return why.startsWith("'") ? name + ": " + why : why;
    }

    /** As its help says it; where that says none, the largest that there is of its type. */
    private static String boundOf(ArgSpec argument) {
        Matcher bound = BOUND.matcher(String.join(" ", argument.description()));
        if (!bound.find()) {
            return ", at most " + mostOf(argument);
        }
        return bound.group(1) == null
                ? ", at most " + bound.group(3)
                : " from " + bound.group(1) + " to " + bound.group(2);
    }

    private static String mostOf(ArgSpec argument) {
        Class<?> type = argument.auxiliaryTypes()[0];
        return String.valueOf(type == int.class || type == Integer.class ? Integer.MAX_VALUE : Long.MAX_VALUE);
    }

    private String name(ArgSpec argument) {
        return switch (argument) {
            case OptionSpec option -> typed(option);
            case PositionalParamSpec positional -> positional.paramLabel();
            default -> argument.paramLabel();
        };
    }

    private String withValue(ArgSpec argument) {
        boolean bare = argument.isPositional() || argument.arity().max() == 0;
        return bare ? name(argument) : name(argument) + " " + argument.paramLabel();
    }

    /** {@code -n} where that was typed; else the longest name, which says most. */
    private String typed(OptionSpec option) {
        return Arrays.stream(option.names())
                .filter(name -> arguments.stream().anyMatch(given -> isOption(given, name)))
                .findFirst()
                .orElse(option.longestName());
    }

    private static boolean isOption(String given, String name) {
        return given.equals(name)
                || given.startsWith(name + "=")
                || (!name.startsWith("--") && !given.startsWith("--") && given.startsWith(name));
    }
}
