package io.hypernetes.cli;

import io.hypernetes.api.types.hypernetes.TenantSecurity;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What tenants are held to, by one word. */
final class SecurityProfile implements ITypeConverter<SecurityProfile.Named> {

    /** A profile and what it is called. */
    record Named(String name, TenantSecurity security) {}

    static final Named RESTRICTED = new Named("restricted", TenantSecurity.RESTRICTED);
    static final Named OPEN = new Named("open", TenantSecurity.OPEN);

    @Override
    public Named convert(String text) {
        return switch (text) {
            case "restricted" -> RESTRICTED;
            case "open" -> OPEN;
            default ->
                    throw new TypeConversionException(
                            "'" + text + "' is neither restricted nor open");
        };
    }
}
