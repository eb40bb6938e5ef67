package dev.neurontp.harness.usage;

import dev.neurontp.worker.os.NamedPath;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the words of all options and arguments of both programs that are no paths, those of a worker's command too. */
public final class WordConverter implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        try {
            return NamedPath.requireWord(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
