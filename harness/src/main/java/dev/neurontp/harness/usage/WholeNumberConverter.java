package dev.neurontp.harness.usage;

import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the numbers of all options of both programs: in the digits 0 to 9 alone, where Java takes those of every script. */
public final class WholeNumberConverter<T> implements ITypeConverter<T> {
    private static final Pattern SHAPE = Pattern.compile("[+-]?[0-9]+");

    private final Function<String, T> type;
    private final String name;

    private WholeNumberConverter(Function<String, T> type, String name) {
        this.type = type;
        this.name = name;
    }

    /** Has a program, with the subcommands that it has by now, read its numbers so. */
    public static CommandLine registerIn(CommandLine program) {
        WholeNumberConverter<Integer> ints = new WholeNumberConverter<>(Integer::valueOf, "an int");
        WholeNumberConverter<Long> longs = new WholeNumberConverter<>(Long::valueOf, "a long");
        return program.registerConverter(int.class, ints)
                .registerConverter(Integer.class, ints)
                .registerConverter(long.class, longs)
                .registerConverter(Long.class, longs);
    }

    /**
     * That text, of a value that is a number or a word.
     *
     * @throws NumberFormatException where it has other characters than those of a number
     */
    public static String inDigits(String value) {
        if (!SHAPE.matcher(value).matches()) {
            throw new NumberFormatException(value);
        }
        return value;
    }

    @Override
    public T convert(String value) {
        try {
            return type.apply(inDigits(value));
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + value + "' is not " + name);
        }
    }
}
