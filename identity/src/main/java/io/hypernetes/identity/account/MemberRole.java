package io.hypernetes.identity.account;

/** What a user is in a tenant. */
public enum MemberRole {
    /** Everything in the tenant's world. */
    ADMIN,
    /** Creates namespaces, and owns those. */
    MEMBER,
    /** Sees everything but secrets. */
    READER;

    /** The least surprising meaning of an unknown word is the least of rights. */
    static MemberRole of(String text) {
        return switch (text) {
            case "admin" -> ADMIN;
            case "", "member" -> MEMBER;
            default -> READER;
        };
    }
}
