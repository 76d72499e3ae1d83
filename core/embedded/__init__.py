"""One machine, everything started by one command: PostgreSQL, child processes, ports, the folder they live in.

`home` claims the folder, `postgres` runs the server out of the wheel, `account` finds whom it may run as,
`supervision` keeps children alive and stops them in order, `ports` says whether a port is free, `engine` describes
Prefect's server.
Nothing here knows of cases, and none of it is needed where the servers are somebody else's.
"""
