"""Console (控制台): what an officer sees, and the province's table behind it.

Owns        accounts, sessions, partner systems, revoked tokens, and the indicator statements of every node that this one hears of.
Answers     pages under /, GET /console/v1/province, POST /console/v1/token, /.well-known/jwks.json.
Announces   TokensRevoked, at home. Listens to RegistryIndicatorsStated, JobsIndicatorsStated, RetentionIndicatorsStated.
Promises    every figure names the statement it comes from; a person's name is asked of registry as the signed-in person, never kept.
Rooms       the usual ones, and: clients (the other services and an OpenID provider over HTTP), rendering (Jinja2), templates/, static/, words/ (English).
"""
