package io.hypernetes.identity.keystone;

import java.util.Optional;

/**
 * A name in a domain. In the default domain it is written bare, elsewhere as {@code NAME@DOMAIN};
 * so is a name of the default domain that has an '@' itself. Two names in two domains are never
 * written the same.
 *
 * @param domain its id and name; a domain's id and its name mean the same domain
 */
public record Named(String name, Domain domain) {

    /**
     * @param id as Keystone made it; stable
     * @param name as people know it
     */
    public record Domain(String id, String name) {}

    /** Empty when it cannot be written so that it means one thing. */
    Optional<String> qualified(String defaultDomain) {
        if (name.isEmpty() || domain.name().isEmpty() || domain.name().indexOf('@') >= 0) {
            return Optional.empty();
        }
        return domain.id().equals(defaultDomain) && name.indexOf('@') < 0
                ? Optional.of(name)
                : Optional.of(name + "@" + domain.name());
    }

    /** What a user wrote: the part behind the last '@' is the domain's name. */
    public record Written(String name, Optional<String> domain) {
        public static Written parse(String text) {
            int at = text.lastIndexOf('@');
            return at < 0
                    ? new Written(text, Optional.empty())
                    : new Written(text.substring(0, at), Optional.of(text.substring(at + 1)));
        }
    }
}
